import { encodeBase64Url } from '@baton/kernel';
import {
  demoSignIn,
  deviceChallenge,
  deviceChallengeRequest,
  deviceSignIn,
  passkeyOptions,
  passkeyRegistrationRequest,
  passkeySignIn,
  passphraseSignIn,
  sessionBody,
  stepUpRequest,
} from '@baton/wire';
import type { Services } from '../server-parts.ts';
import { giveChallenge, givePasskeyOptions, giveRegistrationOptions } from '../use-cases/challenge.ts';
import { proveDemo, proveDevice, provePasskey, provePassphrase, signIn } from '../use-cases/sign-in.ts';
import { stepUp } from '../use-cases/step-up.ts';
import { type App, answers, OPEN_ROUTE, sendSession, sessionOf } from './route-kit.ts';

export function registerSignInRoutes(app: App, services: Services): void {
  for (const kind of ['passphrase', 'recovery'] as const)
    app.post(
      `/auth/${kind}`,
      {
        config: OPEN_ROUTE,
        schema: {
          tags: ['Sign-in'],
          summary:
            kind === 'recovery' ? 'Sign in with recovery words' : 'Sign in with a generated passphrase',
          body: passphraseSignIn,
          response: answers(sessionBody),
        },
      },
      async (request, reply) => {
        const { login, proof, totp, bearer } = request.body;
        const proven = await provePassphrase(services, kind, { login, proof, totp, address: request.ip });
        return sendSession(reply, await signIn(services, proven, { bearer }));
      },
    );
  app.post(
    '/auth/demo',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign in as a persona of the demo; outside the demo there is no such route',
        body: demoSignIn,
        response: answers(sessionBody),
      },
    },
    async (request, reply) => {
      const { account, proof, bearer } = request.body;
      const proven = await proveDemo(services, { account, proof, address: request.ip });
      return sendSession(reply, await signIn(services, proven, { bearer }));
    },
  );
  registerPasskeyRoutes(app, services);
  registerDeviceRoutes(app, services);
  app.post(
    '/auth/step-up',
    {
      schema: {
        tags: ['Sign-in'],
        summary: 'Prove presence again for dangerous acts',
        body: stepUpRequest,
        response: answers(sessionBody),
      },
    },
    (request) => stepUp(services, sessionOf(request), { input: request.body, address: request.ip }),
  );
}

function registerPasskeyRoutes(app: App, services: Services): void {
  app.post(
    '/auth/passkey/registration',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Sign-in'],
        summary: 'Options for making a passkey',
        body: passkeyRegistrationRequest,
        response: answers(passkeyOptions),
      },
    },
    (request) => giveRegistrationOptions(services, { ...request.body, address: request.ip }),
  );
  app.post(
    '/auth/passkey/options',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Sign-in'],
        summary: 'Options for signing in with a passkey',
        response: answers(passkeyOptions),
      },
    },
    (request) => givePasskeyOptions(services, request.ip),
  );
  app.post(
    '/auth/passkey',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign in with a passkey',
        body: passkeySignIn,
        response: answers(sessionBody),
      },
    },
    async (request, reply) => {
      const { response, bearer } = request.body;
      const proven = await provePasskey(services, { response, address: request.ip });
      return sendSession(reply, await signIn(services, proven, { bearer }));
    },
  );
}

function registerDeviceRoutes(app: App, services: Services): void {
  app.post(
    '/auth/device/challenge',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Sign-in'],
        summary: 'A challenge for a device key',
        body: deviceChallengeRequest,
        response: answers(deviceChallenge),
      },
    },
    async (request) => {
      const { account, device } = request.body;
      const purpose = 'device' as const;
      const challenge = await giveChallenge(services, { purpose, account, device, address: request.ip });
      return { challenge: encodeBase64Url(challenge) };
    },
  );
  app.post(
    '/auth/device',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Sign-in'],
        summary: 'Sign in by a device key (agents and patients)',
        body: deviceSignIn,
        response: answers(sessionBody),
      },
    },
    async (request, reply) => {
      const proven = await proveDevice(services, { ...request.body, address: request.ip });
      return sendSession(reply, await signIn(services, proven, { bearer: request.body.bearer }));
    },
  );
}
