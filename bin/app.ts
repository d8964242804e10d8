#!/usr/bin/env node
import { App } from 'aws-cdk-lib';
import { configured } from './app/configured';
import { example } from './app/example';
import { config } from './config';

const app = new App();
if (isSet(app.node.tryGetContext('example'))) {
  example(app);
} else {
  configured(app, config);
}

/** `-c example=true` arrives as text. */
function isSet(value: unknown): boolean {
  return value === true || value === 'true';
}
