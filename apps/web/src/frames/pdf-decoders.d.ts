/** Made by the build (vite.pdf-frame.ts): WebAssembly of image decoders as base64, by file name. */
declare module 'virtual:pdf-decoders' {
  export const DECODERS: Readonly<Record<string, string>>;
}

declare module 'pdfjs-dist/build/pdf.worker.mjs';
