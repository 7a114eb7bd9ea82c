import { type FunctionSpec, unsupported } from '../function.ts';

/** Functions of the Collector that need an XML parser, an XPath engine or a database of patterns. */

const xmlNames = [
  'ParseXML',
  'ParseSimplifiedXML',
  'GetXML',
  'InsertXML',
  'RemoveXML',
  'ConvertAttributesToElementsXML',
  'ConvertTextToElementsXML',
];

export const unsupportedFunctions: readonly FunctionSpec[] = [
  ...xmlNames.map((name) =>
    unsupported('converter', name, 'parse XML before it is sent, or take values out of the text with ExtractPatterns'),
  ),
  unsupported('converter', 'UserAgent', 'take what you need out of the text with ExtractPatterns'),
  unsupported('converter', 'ExtractGrokPatterns', 'write the pattern out as a regular expression and use ExtractPatterns'),
];
