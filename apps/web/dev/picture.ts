/** A harmless picture, drawn here: soft shapes in the size asked for. */
export async function drawPicture(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) return new Uint8Array();
  const sky = context.createLinearGradient(0, 0, width, height);
  sky.addColorStop(0, '#d9b8a4');
  sky.addColorStop(1, '#b98a78');
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  context.strokeStyle = '#8a4b42';
  context.lineWidth = height / 40;
  context.beginPath();
  context.moveTo(width * 0.3, height * 0.55);
  context.quadraticCurveTo(width * 0.5, height * 0.4, width * 0.72, height * 0.52);
  context.stroke();
  const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
  return new Uint8Array(await blob.arrayBuffer());
}
