// The way to CloudFormation on this machine: what a function sends over TLS goes to the rehearsed CloudFormation instead.
import http from 'node:http';
import https from 'node:https';

https.request = (options, answered) =>
  http.request({ ...options, hostname: '127.0.0.1', port: process.env.CLOUDFORMATION_PORT }, answered);
