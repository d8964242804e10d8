import { App } from 'aws-cdk-lib';
import { configured } from '../../bin/app/configured';
import { config } from '../../bin/config';

test('the app says what to do when no database is listed', () => {
  expect(() => configured(new App(), { ...config, databases: [] })).toThrow(
    'bin/config.ts lists no databases: list at least one, or try -c example=true',
  );
});
