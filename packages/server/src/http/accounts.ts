import {
  addCredentialRequest,
  beginSetupRequest,
  claimRequest,
  idField,
  invitationInfo,
  meBody,
  putVaultRequest,
  registerDeviceRequest,
  revokeDeviceRequest,
  sessionBody,
  setupInfo,
  setupRequest,
  vaultBody,
} from '@baton/wire';
import { z } from 'zod';
import type { Services } from '../server-parts.ts';
import { bytesOfText } from '../use-cases/bytes-of-text.ts';
import { claimInvitation, readInvitation } from '../use-cases/claim-invitation.ts';
import {
  addCredential,
  putVault,
  readMe,
  readVault,
  registerDevice,
  removeCredential,
  revokeDevice,
  signOut,
} from '../use-cases/own-account.ts';
import { readSetup, setUpOrganisation } from '../use-cases/set-up.ts';
import { type App, answers, done, OPEN_ROUTE, sendSession, sessionOf } from './route-kit.ts';
import { clearSessionCookie } from './session-cookie.ts';

/** Sealed vaults and credentials make these the largest JSON bodies besides entries. */
const ACCOUNT_BODY_LIMIT = 512 * 1024;

export function registerSetupRoutes(app: App, services: Services): void {
  // A question, but not a GET: its token would end up in the logs of every proxy on the way.
  app.post(
    '/setup/begin',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Set-up'],
        summary: 'What a browser needs before it makes an organisation',
        body: beginSetupRequest,
        response: answers(setupInfo),
      },
    },
    (request) => readSetup(services, { token: request.body.token, address: request.ip }),
  );
  app.post(
    '/setup',
    {
      config: OPEN_ROUTE,
      bodyLimit: ACCOUNT_BODY_LIMIT,
      schema: {
        tags: ['Set-up'],
        summary: 'Make an organisation and its first account',
        body: setupRequest,
        response: answers(sessionBody),
      },
    },
    async (request, reply) => sendSession(reply, await setUpOrganisation(services, request.body, request.ip)),
  );
  const params = z.object({ invitation: idField('invitation') });
  app.get(
    '/invitations/:invitation',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Set-up'],
        summary: 'The chain from the root to an invitation',
        params,
        response: answers(invitationInfo),
      },
    },
    (request) => readInvitation(services, request.params.invitation, request.ip),
  );
  app.post(
    '/invitations/:invitation/claim',
    {
      config: OPEN_ROUTE,
      bodyLimit: ACCOUNT_BODY_LIMIT,
      schema: {
        tags: ['Set-up'],
        summary: 'Claim an invitation',
        params,
        body: claimRequest,
        response: answers(sessionBody),
      },
    },
    async (request, reply) =>
      sendSession(
        reply,
        await claimInvitation(services, {
          invitation: request.params.invitation,
          input: request.body,
          address: request.ip,
        }),
      ),
  );
}

export function registerAccountRoutes(app: App, services: Services): void {
  app.get(
    '/me',
    { schema: { tags: ['Account'], summary: 'This session and account', response: answers(meBody) } },
    (request) => readMe(services, sessionOf(request)),
  );
  app.delete(
    '/session',
    { schema: { tags: ['Account'], summary: 'Sign out', response: answers(done) } },
    async (request, reply) => {
      await signOut(services, sessionOf(request));
      clearSessionCookie(reply);
      return {};
    },
  );
  app.get(
    '/vault',
    { schema: { tags: ['Account'], summary: 'The sealed vault', response: answers(vaultBody) } },
    (request) => readVault(services, sessionOf(request)),
  );
  app.put(
    '/vault',
    {
      schema: {
        tags: ['Account'],
        summary: 'Replace the sealed vault: version n + 1 replaces n',
        body: putVaultRequest,
        response: answers(vaultBody),
      },
    },
    (request) => putVault(services, sessionOf(request), request.body),
  );
  app.post(
    '/devices',
    {
      schema: {
        tags: ['Account'],
        summary: "Register this session's device key",
        body: registerDeviceRequest,
        response: answers(done),
      },
    },
    async (request) => {
      const certificate = bytesOfText(request.body.certificate, 'certificate');
      await registerDevice(services, sessionOf(request), certificate);
      return {};
    },
  );
  app.delete(
    '/devices/:device',
    {
      schema: {
        tags: ['Account'],
        summary: 'Revoke one of the own devices and sign it out',
        params: z.object({ device: idField('device') }),
        body: revokeDeviceRequest,
        response: answers(done),
      },
    },
    async (request) => {
      const statement = bytesOfText(request.body.statement, 'statement');
      await revokeDevice(services, sessionOf(request), { device: request.params.device, statement });
      return {};
    },
  );
  app.post(
    '/credentials',
    {
      schema: {
        tags: ['Account'],
        summary: 'Add a way to sign in (after step-up)',
        body: addCredentialRequest,
        response: answers(done),
      },
    },
    async (request) => {
      await addCredential(services, sessionOf(request), request.body);
      return {};
    },
  );
  app.delete(
    '/credentials/:credential',
    {
      schema: {
        tags: ['Account'],
        summary: 'Remove a way to sign in (after step-up)',
        params: z.object({ credential: idField('credential') }),
        response: answers(done),
      },
    },
    async (request) => {
      await removeCredential(services, sessionOf(request), request.params.credential);
      return {};
    },
  );
}
