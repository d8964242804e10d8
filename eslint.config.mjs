import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: ['build', 'dist', 'assets', 'coverage', 'cdk.out', 'node_modules', 'recoverable-evidence', 'bench/.built'],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['bin/**', 'bench/**', 'rehearsal/command/**'], rules: { 'no-console': 'off' } },
);
