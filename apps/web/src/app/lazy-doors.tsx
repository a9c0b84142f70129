export function JoinDoor() {
  return null;
}
export function SetUpDoor() {
  return null;
}
