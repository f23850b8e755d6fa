import js from '@eslint/js';
import graphql from '@graphql-eslint/eslint-plugin';
import { defineConfig } from 'eslint/config';
import jest from 'eslint-plugin-jest';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

const EVERYWHERE = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take a Clock.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'TSEnumDeclaration', message: 'Use an `as const` union.' },
];

export default defineConfig(
  // Those of docs/ and codegen.ts are for projects that ask this service, and codegen.ts has the form that graphql-codegen wants.
  { ignores: ['dist/', 'coverage/', 'src/playground/', '.data/', 'docs/', 'schema/codegen.ts'] },
  {
    files: ['**/*.{js,cjs,mjs,ts}'],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
    ],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '.*.cjs', '*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { jsdoc },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      complexity: ['error', 10],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read it in src/config.ts.' },
        { object: 'Date', property: 'now', message: 'Take a Clock.' },
      ],
      'no-restricted-syntax': ['error', ...EVERYWHERE],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports' },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          contexts: [
            'ExportNamedDeclaration > TSInterfaceDeclaration',
            'ExportNamedDeclaration > TSTypeAliasDeclaration',
            'ExportNamedDeclaration > FunctionDeclaration',
          ],
        },
      ],
      'jsdoc/no-types': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...EVERYWHERE,
        {
          selector: "CallExpression[callee.property.name='push'] > SpreadElement",
          message: 'The stack has no room for a long list: append() of src/shared/append.ts.',
        },
      ],
    },
  },
  { files: ['src/**/*.{resolver,types}.ts'], rules: { 'jsdoc/require-jsdoc': 'off' } },
  {
    files: ['test/**'],
    plugins: { jest },
    rules: {
      'jest/no-focused-tests': 'error',
      'jest/no-identical-title': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/valid-expect': 'error',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'jsdoc/require-jsdoc': 'off',
    },
  },
  { files: ['*.js', '.*.cjs', '*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['*.js', '.*.cjs', '*.mjs'],
    rules: { 'no-restricted-syntax': 'off', 'no-undef': 'off' },
  },
  {
    files: ['schema/schema.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: './schema/schema.graphql' } },
    },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',
      '@graphql-eslint/require-nullable-fields-with-oneof': 'error',
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          rootField: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
          // A fault says in words what was expected and what to do; its code is for machines.
          ignoredSelectors: ['EnumValueDefinition[parent.name.value=CaptureFaultCode]'],
        },
      ],
      '@graphql-eslint/relay-edge-types': [
        'error',
        {
          withEdgeSuffix: true,
          // An entry of a journey and a row of a recall are answers, not things with an id.
          shouldImplementNode: false,
          // Short lists, bounded by an event or a document, come whole.
          listTypeCanWrapOnlyEdgeType: false,
        },
      ],
      // Only what can be fetched again by `node` has an id. Totals, rows and messages do not.
      '@graphql-eslint/strict-id-in-types': 'off',
      // Event.eventTime, BizTransaction.bizTransaction, Quantity.quantity are the words of EPCIS.
      '@graphql-eslint/no-typename-prefix': 'off',
    },
  },
);
