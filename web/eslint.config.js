import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

/** A feature may use ui, lib and client; only app may put features together. */
const noFeatureFromFeature = {
  files: ["src/features/**/*.{ts,tsx}"],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group: ["@/app/*", "@/features/**"], message: "Features meet only in src/app." }] },
    ],
  },
};

const lowerLayers = {
  files: ["src/{ui,lib,client}/**/*.{ts,tsx}"],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group: ["@/app/*", "@/features/**"], message: "ui, lib and client know no feature." }] },
    ],
  },
};

export default tseslint.config(
  { ignores: ["dist", "node_modules", "test/contract/generated.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  reactHooks.configs.flat["recommended-latest"],
  jsxA11y.flatConfigs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: { allowDefaultProject: ["*.js", "*.cjs"] } },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      // RTK Query says `void` for an endpoint without an argument.
      "@typescript-eslint/no-invalid-void-type": "off",
      // Focus is moved on purpose when a dialog or a step opens.
      "jsx-a11y/no-autofocus": "off",
    },
  },
  noFeatureFromFeature,
  lowerLayers,
  {
    // A test that meets nothing where something must be shall fail there.
    files: ["**/*.test.{ts,tsx}", "test/**"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["**/*.{js,cjs}"],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: globals.node },
  },
);
