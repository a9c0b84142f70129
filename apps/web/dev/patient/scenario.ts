import type { Language } from '@baton/wire';

/** What the address asks this gallery to show: `/?state=locked&chats=several#link`. */
export interface PatientScenario {
  /** What the phone has: nothing, an account behind a PIN or a passkey, an open one. */
  readonly phone: 'new' | 'pin' | 'passkey' | 'open';
  readonly net: 'online' | 'offline' | 'alarm';
  readonly thread: 'usual' | 'empty' | 'loading' | 'long' | 'blocked' | 'closed' | 'programmes';
  readonly chats: 'one' | 'several' | 'none';
  /** Whether the browser has passkeys that unlock keys. */
  readonly passkeys: boolean;
  readonly language: Language | null;
}

function read(search: string): PatientScenario {
  const values = new URLSearchParams(search);
  return {
    phone: (values.get('phone') ?? 'open') as PatientScenario['phone'],
    net: (values.get('net') ?? 'online') as PatientScenario['net'],
    thread: (values.get('thread') ?? 'usual') as PatientScenario['thread'],
    chats: (values.get('chats') ?? 'one') as PatientScenario['chats'],
    passkeys: values.get('passkeys') !== 'none',
    language: values.get('language') as Language | null,
  };
}

export const scenario = read(location.search);

/** A Friday afternoon in New York, always the same. */
export const NOW_MS = Date.UTC(2026, 10, 20, 19, 40);
