import type { Bytes, ConversationId } from '@baton/kernel';
import { encodeBase64Url } from '@baton/kernel';
import {
  type AppendAnswer,
  appendAnswer,
  appendRequest,
  boxesBody,
  conversationBody,
  conversationPage,
  createConversationRequest,
  entriesBody,
  escalationPartsCodec,
  idField,
  itemsBody,
  putRootRequest,
  receiptsBody,
  snapshotBody,
} from '@baton/wire';
import { z } from 'zod';
import { accept } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { appendItem } from '../use-cases/append-item.ts';
import { bytesOfText } from '../use-cases/bytes-of-text.ts';
import { putCollectionRoot } from '../use-cases/marks.ts';
import {
  itemBodyOf,
  listConversations,
  readCollection,
  readConversation,
  readItemRange,
  readMembershipLog,
  readOwnBoxes,
  readReceipts,
} from '../use-cases/read-conversations.ts';
import { type App, answers, done, MAX_POSITION, queryNumber, sessionOf } from './route-kit.ts';

/** An entry with 2,001 boxes, as base64url. */
const ENTRY_BODY_LIMIT = 6 * 1024 * 1024;
const position = queryNumber({ min: 0, max: MAX_POSITION });
const params = z.object({ conv: idField('conversation') });

function boxBytes(texts: readonly string[]): Bytes[] {
  return texts.map((text, index) => bytesOfText(text, `boxes.${index}`));
}

function answerOf(answer: AppendAnswer): z.infer<typeof appendAnswer> {
  return {
    ...answer,
    receipt: encodeBase64Url(answer.receipt),
    path: answer.path.map(encodeBase64Url),
  };
}

export function registerConversationRoutes(app: App, services: Services): void {
  app.get(
    '/conversations',
    {
      schema: {
        tags: ['Conversations'],
        summary: 'My conversations, directly or through a role',
        querystring: z.object({
          after: idField('conversation').optional(),
          limit: queryNumber({ min: 1, max: 500 }).default(200),
        }),
        response: answers(conversationPage),
      },
    },
    (request) => {
      const { after, limit } = request.query;
      return listConversations(services, sessionOf(request), { after: after ?? null, limit });
    },
  );
  app.post(
    '/conversations',
    {
      bodyLimit: ENTRY_BODY_LIMIT,
      schema: {
        tags: ['Conversations'],
        summary: 'Make a conversation by its first membership entry',
        body: createConversationRequest,
        response: answers(appendAnswer),
      },
    },
    async (request) => {
      const { conv, entry, boxes } = request.body;
      const append = {
        conv,
        k: 'entry',
        b: bytesOfText(entry, 'entry'),
        boxes: boxBytes(boxes),
        escalation: null,
      } as const;
      return answerOf(await appendItem(services, sessionOf(request), append));
    },
  );
  app.get(
    '/conversations/:conv',
    {
      schema: {
        tags: ['Conversations'],
        summary: 'One conversation',
        params,
        response: answers(conversationBody),
      },
    },
    (request) => readConversation(services, sessionOf(request), request.params.conv),
  );
  registerLogRoutes(app, services);
  registerStreamRoutes(app, services);
}

function registerLogRoutes(app: App, services: Services): void {
  app.get(
    '/conversations/:conv/entries',
    {
      schema: {
        tags: ['Conversations'],
        summary: 'The membership log',
        params,
        response: answers(entriesBody),
      },
    },
    async (request) => {
      const entries = await readMembershipLog(services, sessionOf(request), request.params.conv);
      return { entries: entries.map(itemBodyOf) };
    },
  );
  app.get(
    '/conversations/:conv/boxes',
    {
      schema: {
        tags: ['Conversations'],
        summary: 'Boxes for me and for roles that I hold',
        params,
        querystring: z.object({
          from: position.default(1),
          to: position.default(MAX_POSITION),
        }),
        response: answers(boxesBody),
      },
    },
    async (request) => {
      const { conv } = request.params;
      return { boxes: await readOwnBoxes(services, sessionOf(request), { conv, ...request.query }) };
    },
  );
  app.get(
    '/conversations/:conv/snapshot',
    {
      schema: {
        tags: ['Conversations'],
        summary: 'Newest put of each key of a collection, and the newest signed root',
        params,
        querystring: z.object({
          after: position.default(0),
          upTo: position.optional(),
          limit: queryNumber({ min: 1, max: 200 }).default(200),
        }),
        response: answers(snapshotBody),
      },
    },
    (request) => {
      const { after, upTo, limit } = request.query;
      const { conv } = request.params;
      return readCollection(services, sessionOf(request), { conv, after, upTo: upTo ?? null, limit });
    },
  );
  app.put(
    '/conversations/:conv/root',
    {
      schema: {
        tags: ['Conversations'],
        summary: "A member's signed root of a collection",
        params,
        body: putRootRequest,
        response: answers(done),
      },
    },
    async (request) => {
      const put = { conv: request.params.conv, bytes: bytesOfText(request.body.root, 'root') };
      await putCollectionRoot(services, sessionOf(request), put);
      return {};
    },
  );
}

function registerStreamRoutes(app: App, services: Services): void {
  app.get(
    '/conversations/:conv/items',
    {
      schema: {
        tags: ['Conversations'],
        summary: 'Items after a position (oldest first), or the newest before one',
        params,
        querystring: z.object({
          after: position.optional(),
          before: position.optional(),
          limit: queryNumber({ min: 1, max: 200 }).default(50),
        }),
        response: answers(itemsBody),
      },
    },
    async (request) => {
      const { after, before, limit } = request.query;
      const conv: ConversationId = request.params.conv;
      const { items, newest } = await readItemRange(services, sessionOf(request), {
        conv,
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
        back: after === undefined,
        limit,
      });
      return { items: items.map(itemBodyOf), newest };
    },
  );
  app.get(
    '/conversations/:conv/receipts',
    {
      schema: {
        tags: ['Conversations'],
        summary: 'Order receipts of items after a position',
        params,
        querystring: z.object({ after: position, limit: queryNumber({ min: 1, max: 50 }).default(50) }),
        response: answers(receiptsBody),
      },
    },
    async (request) => {
      const range = { conv: request.params.conv, ...request.query };
      const receipts = await readReceipts(services, sessionOf(request), range);
      return {
        receipts: receipts.map(({ seq, index, receipt, path }) => ({
          seq,
          index,
          receipt: encodeBase64Url(receipt),
          path: path.map(encodeBase64Url),
        })),
      };
    },
  );
  app.post(
    '/conversations/:conv/items',
    {
      bodyLimit: ENTRY_BODY_LIMIT,
      schema: {
        tags: ['Conversations'],
        summary: 'Append one item',
        params,
        body: appendRequest,
        response: answers(appendAnswer),
      },
    },
    async (request) => {
      const { k, b, boxes, escalation } = request.body;
      const append = {
        conv: request.params.conv,
        k,
        b: bytesOfText(b, 'b'),
        boxes: boxBytes(boxes),
        escalation:
          escalation === null
            ? null
            : accept(escalationPartsCodec.decode(bytesOfText(escalation, 'escalation'))),
      };
      return answerOf(await appendItem(services, sessionOf(request), append));
    },
  );
}
