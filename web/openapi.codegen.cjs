/** Writes the types of the server's own description of its API, against which test/contract checks ours. */
module.exports = {
  schemaFile: "./openapi.json",
  apiFile: "./src/client/api.ts",
  apiImport: "api",
  outputFile: "./test/contract/generated.ts",
  exportName: "generatedApi",
  hooks: true,
  tag: true,
  // Uploads speak tus, by headers alone: they are no endpoints of the client.
  filterEndpoints: /^(?!.*ApiV1Uploads)/,
};
