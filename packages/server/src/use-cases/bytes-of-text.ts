import { type Bytes, decodeBase64Url } from '@baton/kernel';
import { ApiError } from '../api-error.ts';

/** The bytes of a base64url field, of exactly `length` where one is given. */
export function bytesOfText(text: string, at: string, length?: number): Bytes {
  const bytes = decodeBase64Url(text);
  if (bytes === null || (length !== undefined && bytes.length !== length))
    throw new ApiError('request.invalid', at);
  return bytes;
}

export function bytesOrNull(text: string | null, at: string): Bytes | null {
  return text === null ? null : bytesOfText(text, at);
}
