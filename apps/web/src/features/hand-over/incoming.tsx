import type { Baton, Person } from '@baton/client';
import { plural } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { BatonClock } from '../../design/batons/baton-clock.tsx';
import { ContractMark } from '../../design/batons/contract-mark.tsx';
import { Face } from '../../design/primitives/face.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import style from './hand-over.module.css';

/** What colleagues hand over to me, by colleague: accepted together or one by one. */
export function Incoming({ batons }: { readonly batons: readonly Baton[] }) {
  const givers = new Map<string, { readonly giver: Person; readonly batons: Baton[] }>();
  for (const baton of batons) {
    if (baton.offer === null) continue;
    const { by } = baton.offer;
    const known = givers.get(by.id);
    if (known === undefined) givers.set(by.id, { giver: by, batons: [baton] });
    else known.batons.push(baton);
  }
  return [...givers.values()].map(({ giver, batons: offered }) => (
    <FromOne key={giver.id} giver={giver} batons={offered} />
  ));
}

function FromOne({ giver, batons }: { readonly giver: Person; readonly batons: readonly Baton[] }) {
  const { t } = useLingui();
  const desk = useSession().batons;
  const action = useAction();
  const count = batons.length;
  const { name } = giver;
  const acceptAll = (): void => {
    void action.run(async () => {
      for (const { id } of batons) await desk.accept(id);
    });
  };
  return (
    <section className={style['incoming']} aria-labelledby={`from-${giver.id}`}>
      <div className={style['incoming-head']}>
        <Face member={giver} />
        <h2 id={`from-${giver.id}`}>
          {t`${name} hands ${plural(count, { one: '# item', other: '# items' })} over to you`}
        </h2>
        {count > 1 && (
          <Button size="sm" loading={action.busy} onClick={acceptAll}>
            <Trans>Accept all</Trans>
          </Button>
        )}
      </div>
      <FailureNotice sentence={action.failure} />
      <ul className={style['items']}>
        {batons.map((baton) => (
          <IncomingItem key={baton.id} baton={baton} alone={count === 1} />
        ))}
      </ul>
    </section>
  );
}

function IncomingItem({ baton, alone }: { readonly baton: Baton; readonly alone: boolean }) {
  const { t } = useLingui();
  const desk = useSession().batons;
  const action = useAction();
  const what = baton.text ?? t`You can read it when you have accepted.`;
  return (
    <li className={style['item']}>
      <div className={style['item-main']}>
        <p className={style['item-head']}>
          <ContractMark contract={baton.contract} />
          <BatonClock baton={baton} />
        </p>
        <p>{what}</p>
        {baton.offer?.note !== null && <p className={style['note']}>{baton.offer?.note}</p>}
        <FailureNotice sentence={action.failure} />
      </div>
      <div className={style['buttons']}>
        <Button
          size="sm"
          variant={alone ? 'filled' : 'light'}
          disabled={action.busy || baton.pending}
          onClick={() => void action.run(() => desk.accept(baton.id))}
        >
          <Trans>Accept</Trans>
        </Button>
        <Button
          size="sm"
          variant="default"
          disabled={action.busy || baton.pending}
          onClick={() => void action.run(() => desk.decline(baton.id))}
        >
          <Trans>Decline</Trans>
        </Button>
      </div>
    </li>
  );
}
