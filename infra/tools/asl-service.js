// Prints what the Amazon States Language Service (the one behind the AWS Toolkit's editor) finds in a definition.
const fs = require('fs');
const { getLanguageService } = require('amazon-states-language-service');
const { TextDocument } = require('vscode-languageserver-textdocument');

const file = process.argv[2];
const document = TextDocument.create(file, 'asl', 1, fs.readFileSync(file, 'utf8'));
const service = getLanguageService({});
service.doValidation(document, service.parseJSONDocument(document)).then((found) => {
  found.forEach((one) => console.log(`${file}:${one.range.start.line + 1}: ${one.message}`));
  process.exitCode = found.length === 0 ? 0 : 1;
});
