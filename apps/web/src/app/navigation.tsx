import { Tooltip } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconSearch, IconSettings } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import type { ComponentType, ReactElement } from 'react';
import { BatonMark } from '../design/primitives/door-frame.tsx';
import { Keys } from '../design/primitives/keys.tsx';
import { useSession } from '../design/session/session-context.tsx';
import { useLive } from '../design/session/use-live.ts';
import { MeMenu } from './me-menu.tsx';
import { isHome, type Place, usePlaces } from './places.ts';
import style from './shell.module.css';

export interface NavigationProps {
  readonly onSearch: () => void;
}

export function Rail({ onSearch }: NavigationProps) {
  const { t } = useLingui();
  const { main, care, admin } = usePlaces();
  return (
    <nav className={style['rail']} aria-label={t`Main`}>
      <span className={style['mark']}>
        <BatonMark />
      </span>
      {[...main, ...care].map((place) => (
        <RailLink key={place.to} place={place} />
      ))}
      {admin.length > 0 && <hr className={style['divider']} />}
      {admin.map((place) => (
        <RailLink key={place.to} place={place} />
      ))}
      <span className={style['spring']} />
      <RailTip label={t`Search everything`} keys="Mod+K">
        <button type="button" className={style['item']} aria-label={t`Search everything`} onClick={onSearch}>
          <IconSearch size={22} stroke={1.6} />
        </button>
      </RailTip>
      <RailTip label={t`Settings`} keys={null}>
        <PlainLink to="/settings" label={t`Settings`} icon={IconSettings} />
      </RailTip>
      <MeMenu />
    </nav>
  );
}

/** As many as a thumb can tell apart at 320 px. Search and settings stand at the top of My batons. */
const FULL_BAR = 5;

export function BottomBar({ onSearch }: NavigationProps) {
  const { t } = useLingui();
  const { main } = usePlaces();
  return (
    <nav className={style['bar']} aria-label={t`Main`}>
      {main.map(({ to, label, icon }) => (
        <PlainLink key={to} to={to} label={label} icon={icon} withLabel />
      ))}
      {main.length < FULL_BAR && (
        <button type="button" className={style['item']} onClick={onSearch}>
          <IconSearch size={22} stroke={1.6} />
          {t`Search`}
        </button>
      )}
    </nav>
  );
}

function RailLink({ place }: { readonly place: Place }) {
  return (
    <RailTip label={place.label} keys={place.keys}>
      <PlainLink to={place.to} label={place.label} icon={place.icon} />
    </RailTip>
  );
}

interface PlainLinkProps {
  readonly to: Place['to'] | '/settings';
  readonly label: string;
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
  readonly withLabel?: boolean;
}

/** Props of the tooltip around it (handlers, reference) go to the link. */
function PlainLink({ to, label, icon: Icon, withLabel = false, ...rest }: PlainLinkProps) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const here = to === '/' ? isHome(path) : path === to || path.startsWith(`${to}/`);
  return (
    <Link {...rest} to={to} className={style['item']} aria-current={here ? 'page' : undefined}>
      <span className={style['glyph']}>
        <Icon size={22} stroke={1.6} />
        {to === '/' && <OwedBadge />}
      </span>
      <span className={withLabel ? style['item-label'] : 'sr-only'}>{label}</span>
    </Link>
  );
}

/** How many I owe. Nothing else is ever counted on a badge. */
function OwedBadge() {
  const owed = useLive(useSession().batons.owed);
  if (owed === 0) return null;
  return (
    <span className={style['badge']}>
      {owed > MOST_SHOWN ? `${MOST_SHOWN}+` : owed}
      <span className="sr-only">
        {' '}
        <Trans>owed</Trans>
      </span>
    </span>
  );
}

const MOST_SHOWN = 99;

function RailTip({
  label,
  keys,
  children,
}: {
  readonly label: string;
  readonly keys: string | null;
  readonly children: ReactElement;
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
