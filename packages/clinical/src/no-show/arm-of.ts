import { encodeUtf8, type TimestampMs } from '@baton/kernel';

/**
 * Arm of a visit in the comparison that began at `since`: `extra` for about `share` of them. The same visit is always in the same arm of one comparison, and in an
 * independent one of the next. FNV-1a with murmur3's last mixing: no secret is kept here, only nobody's hand in it.
 */
export function armOf(
  appointment: string,
  { share, since }: { readonly share: number; readonly since: TimestampMs },
): 'extra' | 'usual' {
  let hash = 0x81_1c_9d_c5;
  for (const byte of encodeUtf8(`baton no-show arm\0${since}\0${appointment}`)) {
    hash = Math.imul(hash ^ byte, 0x01_00_01_93);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85_eb_ca_6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2_b2_ae_35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 2 ** 32 < share ? 'extra' : 'usual';
}
