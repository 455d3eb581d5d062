import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import models from './lintModels.mjs';

export default defineConfig(
  { ignores: ['dist/', 'out/', 'samples/', 'test/artifacts/', 'node_modules/', 'kernel/session/cellGlobals.d.ts'] },
  tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  // TypeScript's server requires it.
  { files: ['extension/typescript-plugin/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['kernel/autoencoders/models/**/*.ts'],
    plugins: { models },
    rules: { 'models/shallow': 'error' },
  },
  {
    files: ['extension/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          'CallExpression[callee.property.name=/^show(Information|Warning|Error)Message$/] > :matches(Literal, TemplateLiteral)',
          'Property[key.name=/^(placeHolder|prompt)$/] > :matches(Literal, TemplateLiteral).value',
        ].map((selector) => ({ selector, message: 'What users read goes through vscode.l10n.t.' })),
      ],
    },
  },
  {
    files: ['renderer/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'fetch', 'XMLHttpRequest', 'WebSocket', 'eval'],
      'no-new-func': 'error',
      'no-eval': 'error',
    },
  },
);
