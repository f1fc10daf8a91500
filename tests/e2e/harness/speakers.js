/**
 * Runs in the page before its own scripts: two speakers, and which of them each element was
 * routed to. A machine that tests has no sound card to route to.
 */
(() => {
  const { mediaDevices } = navigator;
  if (!mediaDevices) return;
  const enumerate = mediaDevices.enumerateDevices.bind(mediaDevices);
  /** @type {WeakMap<HTMLMediaElement, string>} */
  const sinks = new WeakMap();
  const speakers = [
    { kind: 'audiooutput', groupId: '', deviceId: 'left', label: 'Left speaker' },
    { kind: 'audiooutput', groupId: '', deviceId: 'right', label: 'Right speaker' },
  ];
  mediaDevices.enumerateDevices = async () => {
    const real = (await enumerate()).filter(({ kind }) => kind !== 'audiooutput');
    return /** @type {MediaDeviceInfo[]} */ ([...real, ...speakers]);
  };
  Object.defineProperty(HTMLMediaElement.prototype, 'sinkId', {
    /** @this {HTMLMediaElement} */
    get() {
      return sinks.get(this) ?? '';
    },
  });
  HTMLMediaElement.prototype.setSinkId = async function (id) {
    sinks.set(this, id);
  };
})();
