import type { Member } from '@baton/client';
import { IconRobot, IconUsersGroup } from '@tabler/icons-react';
import { hueOf, initialsOf } from '../words/names.ts';
import style from './face.module.css';

export interface FaceProps {
  readonly member: Pick<Member, 'kind' | 'id' | 'name'>;
  readonly size?: 'small' | 'normal' | 'large';
}

const HUES = 6;

/** A person is initials, a role a hexagon, an assistant a robot in a dashed frame: told apart by shape, never by colour alone. */
export function Face({ member, size = 'normal' }: FaceProps) {
  const iconSize = size === 'small' ? 14 : size === 'large' ? 26 : 18;
  if (member.kind === 'role') {
    return (
      <span className={style['face']} data-kind="role" data-size={size} aria-hidden="true">
        <IconUsersGroup size={iconSize} stroke={1.7} />
      </span>
    );
  }
  if (member.kind === 'agent') {
    return (
      <span className={style['face']} data-kind="agent" data-size={size} aria-hidden="true">
        <IconRobot size={iconSize} stroke={1.7} />
      </span>
    );
  }
  return (
    <span
      className={style['face']}
      data-kind="person"
      data-size={size}
      data-hue={hueOf(member.id, HUES)}
      data-initials={initialsOf(member.name)}
      aria-hidden="true"
    />
  );
}

/** Two faces, for a group without a face of its own. */
export function FacePair({ members }: { readonly members: readonly Pick<Member, 'kind' | 'id' | 'name'>[] }) {
  const [first, second] = members;
  if (first === undefined) return <span className={style['face']} data-kind="agent" aria-hidden="true" />;
  if (second === undefined) return <Face member={first} />;
  return (
    <span className={style['pair']} aria-hidden="true">
      <Face member={first} size="small" />
      <Face member={second} size="small" />
    </span>
  );
}
