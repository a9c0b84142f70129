/** The part of clamscan 2.4 that is used: INSTREAM to a clamd over TCP. */
declare module 'clamscan' {
  interface Verdict {
    /** null: clamd could not say. */
    readonly isInfected: boolean | null;
  }
  export default class NodeClam {
    init(options: {
      readonly preference: 'clamdscan';
      readonly clamscan: { readonly active: false };
      readonly clamdscan: {
        readonly host: string;
        readonly port: number;
        readonly timeout: number;
        readonly path: false;
        readonly active: true;
        readonly localFallback: false;
        readonly bypassTest: true;
      };
    }): Promise<this>;
    /** Anything that looks like a readable stream of Node to it. */
    scanStream(stream: object): Promise<Verdict>;
  }
}
