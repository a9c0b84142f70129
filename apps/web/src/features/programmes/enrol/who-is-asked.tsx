import type { Protocol } from '@baton/clinical';
import { isId, type OwnerId } from '@baton/kernel';
import { useLingui } from '@lingui/react/macro';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { BandMark } from '../alerts/band-mark.tsx';
import { OwnerChoice } from '../owner-choice.tsx';
import style from '../programmes.module.css';

/** Who hears of each kind of alert: whom the protocol names, else whoever is chosen here, else the practice's own. */
export function WhoIsAsked({
  document,
  askTo,
  onChange,
}: {
  readonly document: Pick<Protocol, 'escalations'>;
  readonly askTo: OwnerId | null;
  readonly onChange: (askTo: OwnerId | null) => void;
}) {
  const { t } = useLingui();
  const { duty } = useSession();
  useLive(duty.queues);
  const usual = useUsualOwners();
  const chosen = askTo === null ? null : duty.owner(askTo);
  const isOpen = document.escalations.some(({ owner }) => ownerOf(owner) === null);
  return (
    <>
      <ul className={style['asked']}>
        {document.escalations.map(({ id, band, to, owner }) => {
          const named = ownerOf(owner);
          const name =
            named === null
              ? (chosen?.name ?? usual[band])
              : (duty.owner(named)?.name ?? t`somebody who left`);
          return (
            <li key={id}>
              <BandMark band={band} />
              <span>{to}</span>
              <b>{name}</b>
            </li>
          );
        })}
      </ul>
      {isOpen && (
        <OwnerChoice
          label={t`Asked where the protocol names nobody`}
          owner={askTo}
          none={t`As texting is set. Better: a role or queue that is staffed while check-ins go.`}
          onChange={onChange}
        />
      )}
    </>
  );
}

/** Whom the practice's texting names: for red the urgent one. */
function useUsualOwners(): Readonly<Record<'amber' | 'red', string>> {
  const { t } = useLingui();
  const { care, duty } = useSession();
  const settings = useLive(care.settings);
  const nameOf = (owner: OwnerId | undefined): string =>
    (owner === undefined ? null : duty.owner(owner)?.name) ?? t`nobody yet`;
  return { amber: nameOf(settings?.askTo), red: nameOf(settings?.urgentTo) };
}

/** Owner as the document has it. */
export function ownerOf(owner: string | null): OwnerId | null {
  if (owner === null) return null;
  return isId('role', owner) || isId('queue', owner) || isId('account', owner) ? owner : null;
}
