import { Tooltip } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { IconInbox } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import type { ComponentType, ReactNode } from 'react';
import { Keys } from '../design/primitives/keys.tsx';
import { BatonMark } from '../design/primitives/door-frame.tsx';
import style from './shell.module.css';

interface Place {
  readonly to: '/inbox';
  readonly label: string;
  readonly keys: string | null;
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
}

function usePlaces(): readonly Place[] {
  const { t } = useLingui();
  return [{ to: '/inbox', label: t`Inbox`, keys: 'G I', icon: IconInbox }];
}

export function Rail() {
  const { t } = useLingui();
  return (
    <nav className={style['rail']} aria-label={t`Main`}>
      <span className={style['mark']}>
        <BatonMark />
      </span>
      {usePlaces().map((place) => (
        <PlaceLink key={place.to} place={place} />
      ))}
      <span className={style['spring']} />
    </nav>
  );
}

export function BottomBar() {
  const { t } = useLingui();
  return (
    <nav className={style['bar']} aria-label={t`Main`}>
      {usePlaces().map((place) => (
        <PlaceLink key={place.to} place={place} withLabel />
      ))}
    </nav>
  );
}

function PlaceLink({ place, withLabel = false }: { readonly place: Place; readonly withLabel?: boolean }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const here = path === place.to || path.startsWith(`${place.to}/`);
  const Icon = place.icon;
  const link = (
    <Link
      to={place.to}
      className={style['item']}
      aria-current={here ? 'page' : undefined}
      aria-label={withLabel ? undefined : place.label}
    >
      <Icon size={22} stroke={1.6} />
      {withLabel && place.label}
    </Link>
  );
  return withLabel ? (
    link
  ) : (
    <RailTip label={place.label} keys={place.keys}>
      {link}
    </RailTip>
  );
}

function RailTip({
  label,
  keys,
  children,
}: {
  readonly label: string;
  readonly keys: string | null;
  readonly children: ReactNode;
}) {
  return (
    <Tooltip
      position="right"
      label={
        <>
          {label} {keys !== null && <Keys keys={keys} onDark />}
        </>
      }
    >
      {children}
    </Tooltip>
  );
}
