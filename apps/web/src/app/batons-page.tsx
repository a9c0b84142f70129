import { useParams } from '@tanstack/react-router';

/** My batons, the staff home. */
export function BatonsPage() {
  const { baton = null } = useParams({ strict: false });
  return <p>{baton}</p>;
}
