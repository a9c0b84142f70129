import { useLingui } from '@lingui/react';
import { useSession } from './session-context.tsx';
import { useLive } from './use-live.ts';

/** A topic as people read it; the practice names its topics itself, and one that it has dropped is shown by its id. */
export function useTopicName(id: string | null): string | null {
  const { i18n } = useLingui();
  const topics = useLive(useSession().care.settings)?.topics ?? [];
  const topic = topics.find((candidate) => candidate.id === id);
  if (topic === undefined) return id;
  return i18n.locale === 'es' ? topic.es : topic.en;
}
