import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { Secret } from '@baton/kernel';
import type { S3Settings } from '../config.ts';

/** A server that speaks S3, on a free port, with a bucket. */
export async function startS3(): Promise<{ readonly settings: S3Settings; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'baton-s3-'));
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    // It leaves the slash out after a bucket's name, which the SDK signs.
    allowMismatchedSignatures: true,
    directory,
    configureBuckets: [{ name: 'baton', configs: [] }],
  });
  const { port } = await server.run();
  return {
    settings: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      bucket: 'baton',
      prefix: 'practice/',
      accessKeyId: 'S3RVER',
      secretAccessKey: Secret.of('S3RVER'),
    },
    async stop() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
