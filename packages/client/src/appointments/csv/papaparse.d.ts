// The part of papaparse that is used here; its published types ask for a browser's and Node's globals, which this package has none of.
declare module 'papaparse' {
  interface ParseSettings {
    readonly header: false;
    readonly skipEmptyLines: 'greedy';
    readonly delimitersToGuess?: readonly string[];
  }
  interface ParseResult {
    readonly data: readonly (readonly string[])[];
    readonly errors: readonly { readonly code: string; readonly row?: number }[];
  }
  const papaparse: { parse(text: string, settings: ParseSettings): ParseResult };
  export default papaparse;
}
