import type { LadderId } from '@baton/kernel';
import { useLingui } from '@lingui/react/macro';
import { CONTRACT_NAMES } from '../../../design/batons/baton-words.ts';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';

const CONTRACTS = ['stat', 'talk', 'reply'] as const;

/** "STAT and Reply everywhere; STAT in Cardiology", or that nothing uses it. */
export function useLadderUses(id: LadderId): string {
  const { t, i18n } = useLingui();
  const { duty } = useSession();
  const policy = useLive(duty.policy);
  const units = useLive(duty.units);
  const list = (words: readonly string[]): string =>
    new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(words);
  const names = (ladders: Readonly<Record<(typeof CONTRACTS)[number], LadderId | null>>): readonly string[] =>
    CONTRACTS.filter((contract) => ladders[contract] === id).map((contract) =>
      i18n._(CONTRACT_NAMES[contract]),
    );
  const everywhere = policy === null ? [] : names(policy.ladders);
  const general = list(everywhere);
  const parts = everywhere.length === 0 ? [] : [t`${general} everywhere`];
  for (const unit of units.filter(({ active }) => active)) {
    const there = names(unit.ladders);
    const special = list(there);
    const unitName = unit.name;
    if (there.length > 0) parts.push(t`${special} in ${unitName}`);
  }
  return parts.length === 0 ? t`Not in use` : parts.join('; ');
}
