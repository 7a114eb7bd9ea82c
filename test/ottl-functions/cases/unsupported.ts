import type { Cases } from './cases.ts';

export const unsupported: Cases = {
  results: [],
  refused: [
    ['ParseXML("<a/>")', /not supported here[\s\S]*parse XML before it is sent/],
    ['ParseSimplifiedXML("<a/>")', /not supported here/],
    ['GetXML("<a/>", "/a")', /not supported here/],
    ['InsertXML("<a/>", "/a", "<b/>")', /not supported here/],
    ['RemoveXML("<a/>", "/a")', /not supported here/],
    ['ConvertAttributesToElementsXML("<a/>")', /not supported here/],
    ['ConvertTextToElementsXML("<a/>")', /not supported here/],
    ['UserAgent("curl")', /not supported here[\s\S]*take what you need/],
    ['ExtractGrokPatterns("x", "%{WORD}")', /not supported here[\s\S]*write the pattern out/],
  ],
};
