/** Writes src/client/generated.ts from the server's own description of its API. */
module.exports = {
  schemaFile: "./openapi.json",
  apiFile: "./src/client/api.ts",
  apiImport: "api",
  outputFile: "./src/client/generated.ts",
  exportName: "generatedApi",
  hooks: true,
  tag: true,
};
