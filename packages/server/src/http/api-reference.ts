import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { SERVER_VERSION } from '../version.ts';
import { type App, OPEN_ROUTE } from './route-kit.ts';
import { referencePolicy } from './security-headers.ts';

const PREFIX = '/docs';

/** OpenAPI 3.1 at /openapi.json, and a page to read it at /docs; nothing of it comes from another host. */
export async function registerReference(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Baton',
        version: SERVER_VERSION,
        description:
          'Sealed messaging for care. Bodies of messages are ciphertext; wire objects travel as base64url of their canonical bytes.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          cookie: { type: 'apiKey', in: 'cookie', name: '__Host-baton' },
        },
      },
      security: [{ bearer: [] }, { cookie: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.get('/openapi.json', { config: OPEN_ROUTE, schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(app.swagger()),
  );
  await app.register(scalar, {
    routePrefix: PREFIX,
    configuration: {
      url: '/openapi.json',
      withDefaultFonts: false,
      hideClientButton: true,
      telemetry: false,
    },
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const isPage =
      request.url.startsWith(PREFIX) && String(reply.getHeader('content-type')).startsWith('text/html');
    if (isPage && typeof payload === 'string')
      reply.header('content-security-policy', referencePolicy(payload));
    return payload;
  });
}
