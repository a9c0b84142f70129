import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Bytes } from '@baton/kernel';
import type { S3Settings } from '../config.ts';
import { type BlobName, type BlobStore, parsePart, requireBlobName, type StagedPart } from './blob-store.ts';

const STAGING = 'staging/';
const CONNECT_MS = 5000;
const SILENCE_MS = 30_000;
/** What lies in memory is sent in one piece and may be tried again; a stream is read once. */
const MAX_ATTEMPTS = 3;

/**
 * Objects `<prefix><org>/<blob>`, parts `<prefix>staging/<org>/<blob>.<part>`. An object is there when its upload was answered, whole; S3
 * shows nothing of one that broke off.
 */
export function openS3BlobStore(settings: S3Settings): BlobStore {
  const { bucket, prefix } = settings;
  const client = new S3Client({
    region: settings.region,
    credentials: {
      accessKeyId: settings.accessKeyId,
      secretAccessKey: settings.secretAccessKey.reveal(),
    },
    maxAttempts: MAX_ATTEMPTS,
    // Sums of the SDK's own are not understood by every server; length, TLS and the SHA-256 of the whole are checked anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    ...(settings.endpoint === null ? {} : { endpoint: settings.endpoint, forcePathStyle: true }),
  });
  const keyOf = (name: BlobName): string => {
    requireBlobName(name);
    const { org, blob, part } = name;
    return part === null ? `${prefix}${org}/${blob}` : `${prefix}${STAGING}${org}/${blob}.${part}`;
  };

  return {
    async put(name, source, sizeBytes) {
      const input = { Bucket: bucket, Key: keyOf(name), ContentLength: sizeBytes };
      if (Array.isArray(source)) {
        const body = Buffer.concat(source as Bytes[]);
        if (body.length !== sizeBytes) throw new RangeError('not as long as announced');
        await client.send(new PutObjectCommand({ ...input, Body: body }));
        return;
      }
      const body = Readable.from(exactly(source, sizeBytes), { objectMode: false });
      // The SDK waits for a source that has failed; S3 forgets a request that ends before its announced length.
      const broken = new AbortController();
      let failure: Error | null = null;
      body.once('error', (error) => {
        failure = error;
        broken.abort();
      });
      try {
        const command = new PutObjectCommand({ ...input, Body: body });
        await client.send(command, { abortSignal: broken.signal });
      } catch (error) {
        throw failure ?? error;
      } finally {
        body.destroy();
      }
    },
    async open(name, range) {
      const part = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` };
      try {
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: keyOf(name), ...part }),
        );
        return Body === undefined ? null : (Body as Readable);
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return null;
        throw error;
      }
    },
    async remove(name) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(name) }));
    },
    async *listStaged(beforeMs) {
      const start = `${prefix}${STAGING}`;
      let token: string | undefined;
      do {
        const page: ListObjectsV2CommandOutput = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: start,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        );
        yield (page.Contents ?? []).flatMap(({ Key = '', LastModified }): StagedPart[] => {
          const [org = '', name = ''] = Key.slice(start.length).split('/');
          const part = parsePart(org, name);
          return part !== null && LastModified !== undefined && LastModified.getTime() < beforeMs
            ? [part]
            : [];
        });
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    async check() {
      await client.send(new HeadBucketCommand({ Bucket: bucket }));
    },
    close() {
      client.destroy();
      return Promise.resolve();
    },
  };
}

async function* exactly(
  source: AsyncIterable<Bytes> | Iterable<Bytes>,
  sizeBytes: number,
): AsyncGenerator<Bytes> {
  let given = 0;
  for await (const piece of source) {
    given += piece.length;
    if (given > sizeBytes) break;
    yield piece;
  }
  if (given !== sizeBytes) throw new RangeError('not as long as announced');
}
