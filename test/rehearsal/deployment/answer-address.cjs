// The way to CloudFormation on this machine: what a function sends over TLS goes to the rehearsed CloudFormation instead.
const http = require('node:http');
const https = require('node:https');

https.request = (options, answered) =>
  http.request({ ...options, hostname: '127.0.0.1', port: process.env.CLOUDFORMATION_PORT }, answered);
