import { err, ok, type Result, Secret } from '@baton/kernel';
import type { S3Settings } from '@baton/server';

/** What was given of each setting, checked one by one; undefined where it was left out. */
export interface GivenS3 {
  readonly bucket: string | undefined;
  readonly region: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly endpoint: string | undefined;
  readonly prefix: string | undefined;
}

const NAMES = {
  bucket: 'BATON_BLOB_S3_BUCKET',
  region: 'BATON_BLOB_S3_REGION',
  accessKeyId: 'BATON_BLOB_S3_ACCESS_KEY_ID',
  secretAccessKey: 'BATON_BLOB_S3_SECRET_ACCESS_KEY',
} as const;

/** All or nothing: files that half of the settings would put somewhere else than meant are lost to whoever looks for them. */
export function joinS3(given: GivenS3): Result<S3Settings | null, string> {
  const { bucket, region, accessKeyId, secretAccessKey } = given;
  if (Object.values(given).every((value) => value === undefined)) return ok(null);
  if (
    bucket === undefined ||
    region === undefined ||
    accessKeyId === undefined ||
    secretAccessKey === undefined
  ) {
    const missing = (Object.keys(NAMES) as (keyof typeof NAMES)[]).filter((key) => given[key] === undefined);
    const names = missing.map((key) => NAMES[key]).join(', ');
    return err(
      `Some settings of S3 are given, but not ${names}: give all of them, or none to keep sealed files in the data folder.`,
    );
  }
  return ok({
    endpoint: given.endpoint ?? null,
    region,
    bucket,
    prefix: given.prefix ?? '',
    accessKeyId,
    secretAccessKey: Secret.of(secretAccessKey),
  });
}
