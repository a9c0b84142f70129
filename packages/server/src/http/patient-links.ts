import {
  evaluateLinkRequest,
  idField,
  linkEvaluation,
  patientLinkInfo,
  patientLinksPage,
  putPatientLinkRequest,
} from '@baton/wire';
import { z } from 'zod';
import type { Services } from '../server-parts.ts';
import { evaluateLink, listLinks, putPatientLink, readPatientLink } from '../use-cases/patient-links.ts';
import { type App, answers, done, MAX_POSITION, OPEN_ROUTE, queryNumber, sessionOf } from './route-kit.ts';

export function registerPatientLinkRoutes(app: App, services: Services): void {
  const params = z.object({ invitation: idField('invitation') });
  app.put(
    '/patient-links/:invitation',
    {
      schema: {
        tags: ['Patients'],
        summary: 'Keep the link key of an invitation that this account has signed',
        params,
        body: putPatientLinkRequest,
        response: answers(done),
      },
    },
    async (request) => {
      const { invitation } = request.params;
      await putPatientLink(services, sessionOf(request), { invitation, input: request.body });
      return {};
    },
  );
  app.get(
    '/patient-links/:invitation',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Patients'],
        summary: "The chain from the root to a patient's invitation, and the tries left",
        params,
        response: answers(patientLinkInfo),
      },
    },
    (request) => readPatientLink(services, request.params.invitation, request.ip),
  );
  app.post(
    '/patient-links/:invitation',
    {
      config: OPEN_ROUTE,
      schema: {
        tags: ['Patients'],
        summary: 'Evaluate a blinded code: five times in all',
        params,
        body: evaluateLinkRequest,
        response: answers(linkEvaluation),
      },
    },
    (request) => {
      const { invitation } = request.params;
      return evaluateLink(services, { invitation, ...request.body, address: request.ip });
    },
  );
  app.get(
    '/patient-links',
    {
      schema: {
        tags: ['Patients'],
        summary: "How patients' links stand: tries left, claims, second claims",
        querystring: z.object({ after: queryNumber({ min: 0, max: MAX_POSITION }).default(0) }),
        response: answers(patientLinksPage),
      },
    },
    (request) => listLinks(services, sessionOf(request), request.query.after),
  );
}
