import type { Egress } from '@baton/agent';
import type { Twilio } from 'twilio';
import type { CarrierSettings } from './settings.ts';

const API = 'https://api.twilio.com';

export interface TwilioSdk {
  readonly client: Twilio;
  /** X-Twilio-Signature over the public address and the fields; compares in constant time. */
  readonly validateRequest: (
    authToken: string,
    signature: string,
    url: string,
    fields: Readonly<Record<string, string>>,
  ) => boolean;
}

/** Twilio's SDK, loaded only where Twilio is the carrier. Its requests go through the runtime's egress, to the manifest's hosts alone. */
export async function createTwilioClient(
  { account, authToken, apiOrigin }: CarrierSettings<'twilio'>,
  egress: Egress,
): Promise<TwilioSdk> {
  const { default: twilio } = await import('twilio');
  const http = new twilio.RequestClient();
  const through = async (
    options: RequestOf,
  ): Promise<{ statusCode: number; body: unknown; headers: object }> => {
    const { method, uri, username = '', password = '', headers = {}, data } = options;
    const url = uri.startsWith(`${API}/`) ? apiOrigin + uri.slice(API.length) : uri;
    const response = await egress.fetch(url, {
      method: method.toUpperCase(),
      headers: { ...headers, authorization: basicOf(username, password) },
      ...(data !== undefined && { body: formOf(data) }),
    });
    return { statusCode: response.status, body: parseJson(await response.text()), headers: {} };
  };
  http.request = through as unknown as typeof http.request;
  return {
    client: twilio(account, authToken, { httpClient: http, autoRetry: false }),
    validateRequest: (token, signature, url, fields) =>
      twilio.validateRequest(token, signature, url, { ...fields }),
  };
}

/** What the SDK asks of its HTTP client (RequestClient.RequestOptions of 6.2). */
interface RequestOf {
  readonly method: string;
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string | number | boolean | undefined>>;
}

export function basicOf(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function formOf(data: NonNullable<RequestOf['data']>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(data)) if (value !== undefined) form.append(name, String(value));
  return form.toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
