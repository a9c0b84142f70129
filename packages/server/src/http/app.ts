import cookie from '@fastify/cookie';
import { API_PREFIX } from '@baton/wire';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { authenticateIntegration } from '../access/integrations.ts';
import { authenticate } from '../access/sessions.ts';
import type { Services } from '../server-parts.ts';
import { registerAccountRoutes, registerSetupRoutes } from './accounts.ts';
import { registerAgentRoutes } from './agents.ts';
import { registerReference } from './api-reference.ts';
import { registerAuditRoutes } from './audit.ts';
import { registerBatonRoutes } from './batons.ts';
import { registerBlobRoutes } from './blobs.ts';
import { registerConversationRoutes } from './conversations.ts';
import { registerFailures } from './failures.ts';
import { registerIntegrationRoutes } from './integrations.ts';
import { registerKeyLogRoutes } from './key-log.ts';
import { registerNoticeRoutes } from './notices.ts';
import { registerOperationRoutes, registerServerRoutes } from './operations.ts';
import { registerPatientLinkRoutes } from './patient-links.ts';
import { registerRecordRoutes } from './records.ts';
import { registerPushRoutes } from './push.ts';
import type { App } from './route-kit.ts';
import { registerSecurityHeaders } from './security-headers.ts';
import {
  allowedOrigins,
  clearSessionCookie,
  requireOrigin,
  SESSION_COOKIE,
  setSessionCookie,
  tokenOf,
} from './session-cookie.ts';
import { registerSignInRoutes } from './sign-in.ts';
import { registerWebApp } from './web-app.ts';

const DEFAULT_BODY_LIMIT = 64 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;

/** The HTTP side of the server: every route under /v1 asks for a session unless it says otherwise. */
export async function createApp(services: Services): Promise<App> {
  const { config, ports } = services;
  const app: App = fastify({
    bodyLimit: DEFAULT_BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 100 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('session', null);
  app.decorateRequest('integration', null);
  await app.register(cookie);
  registerSecurityHeaders(app, config.publicUrl);
  registerFailures(app, services);
  registerMeasuring(app, services);
  await registerReference(app);
  registerOperationRoutes(app, services);
  await app.register(
    async (scope) => {
      const api = scope.withTypeProvider<ZodTypeProvider>();
      registerSessions(api, services);
      registerServerRoutes(api, services);
      registerSetupRoutes(api, services);
      registerSignInRoutes(api, services);
      registerAccountRoutes(api, services);
      registerPatientLinkRoutes(api, services);
      registerKeyLogRoutes(api, services);
      registerConversationRoutes(api, services);
      registerRecordRoutes(api, services);
      registerBatonRoutes(api, services);
      registerBlobRoutes(api, services);
      registerAuditRoutes(api, services);
      registerNoticeRoutes(api, services);
      registerPushRoutes(api, services);
      registerIntegrationRoutes(api, services);
      registerAgentRoutes(api, services);
    },
    { prefix: API_PREFIX },
  );
  await registerWebApp(app, { webDir: config.webDir, publicUrl: config.publicUrl, rng: ports.rng });
  return app;
}

/** Deny by default: a route that does not call itself open is reached with a session only. */
function registerSessions(api: App, services: Services): void {
  const origins = allowedOrigins(services.config.publicUrl);
  api.addHook('onRequest', async (request, reply) => {
    const given = tokenOf({
      authorization: request.headers.authorization,
      cookie: request.cookies[SESSION_COOKIE],
    });
    if (request.routeOptions.config.auth === 'none') {
      requireOrigin(request, { origins, mustBeGiven: false });
      return;
    }
    if (request.routeOptions.config.auth === 'integration') {
      request.integration = await authenticateIntegration(services, given.byCookie ? null : given.token);
      return;
    }
    requireOrigin(request, { origins, mustBeGiven: given.byCookie });
    try {
      const { session, renewed } = await authenticate(services, given.token);
      request.session = session;
      if (renewed !== null) setSessionCookie(reply, renewed);
    } catch (error) {
      if (given.byCookie) clearSessionCookie(reply);
      throw error;
    }
  });
}

function registerMeasuring(app: App, { metrics, log }: Services): void {
  app.addHook('onResponse', async (request, reply) => {
    const measured = {
      route: request.routeOptions.url ?? 'none',
      method: request.method,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
    };
    metrics.request(measured);
    log.debug('request', measured);
  });
}
