import type { ClientFailure } from '@baton/client';
import { type ErrorCode, sentenceOf } from '@baton/wire';

export class GalleryFailure extends Error implements ClientFailure {
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly at = 'gallery';

  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
    this.sentence = sentenceOf(code);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
