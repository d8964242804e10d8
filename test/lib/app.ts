// Removes the cloud assemblies of this file's apps when its tests have ended.
import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { App } from 'aws-cdk-lib';

/** An app that leaves its assets where they are: copying all handlers for every test would take most of the time. */
export function newApp(): App {
  return new App({ context: { 'aws:cdk:disable-asset-staging': true } });
}
