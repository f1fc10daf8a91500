/**
 * Run inside the page under test: the longest time between two frames that a video showed.
 * One expression: a function of the element; what it returns stops the watch.
 */
(/** @type {HTMLVideoElement} */ video) => {
  let before = performance.now();
  let longest = 0;
  let frames = 0;
  let stopped = false;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
    frames += 1;
    if (!stopped) video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback((now) => {
    before = now;
    video.requestVideoFrameCallback(look);
  });
  return () => {
    stopped = true;
    return { milliseconds: Math.round(Math.max(longest, performance.now() - before)), frames };
  };
};
