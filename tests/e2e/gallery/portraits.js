/**
 * Eight people who do not exist, drawn with gradients: the cameras of the gallery.
 * The file is one expression, a function that answers one frame as base64 of planar
 * YUV 4:2:0 in the limited range of BT.601, which Chromium reads from Y4M.
 *
 * Lengths of a face are in `r`, half the height of a head; `moment` runs from 0 to 1
 * and around again.
 */
([who, moment, width, height]) => {
  const PEOPLE = [
    { wall: ['#e9c9a5', '#b9805f'], skin: '#e2b08c', hair: '#4a2c20', top: '#1f6f6b', cut: 'bun' },
    {
      wall: ['#a9c3cf', '#51788a'],
      skin: '#8d5a3c',
      hair: '#1d1512',
      top: '#d8b04c',
      cut: 'short',
    },
    { wall: ['#c7d3b2', '#718862'], skin: '#f0c5a4', hair: '#a8552d', top: '#51405f', cut: 'long' },
    {
      wall: ['#d9b9b4', '#96625f'],
      skin: '#5d3a29',
      hair: '#17110f',
      top: '#e7e1d6',
      cut: 'curls',
    },
    {
      wall: ['#b5b9d6', '#5c6390'],
      skin: '#714a33',
      hair: '#201713',
      top: '#2f4a3c',
      cut: 'beard',
    },
    {
      wall: ['#e4d3b4', '#ab8c56'],
      skin: '#c98f68',
      hair: '#2f5d72',
      top: '#2f5d72',
      cut: 'scarf',
    },
    { wall: ['#b8d2cf', '#567f7c'], skin: '#f3d1b5', hair: '#d9c58f', top: '#9c3f3a', cut: 'bob' },
    {
      wall: ['#cfc4d8', '#7b6a8c'],
      skin: '#e6b98f',
      hair: '#151515',
      top: '#3b4a63',
      cut: 'glasses',
    },
  ];
  const FRINGE = { long: -0.35, bob: -0.3, bun: -0.62, curls: -0.72, glasses: -0.5 };
  const { wall, skin, hair, top, cut } = PEOPLE[who % PEOPLE.length];

  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const turn = moment * 2 * Math.PI;
  const r = height * 0.185;
  const x = width / 2 + Math.sin(turn) * width * 0.008;
  const y = height * 0.47 + Math.sin(turn * 2) * height * 0.005;

  /** Lighter (0 to 1) or darker (0 to -1). */
  const shade = (colour, by) => {
    const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    const to = by > 0 ? 255 : 0;
    return `rgb(${parts.map((part) => Math.round(part + (to - part) * Math.abs(by))).join(' ')})`;
  };
  const fill = (style, draw) => {
    context.fillStyle = style;
    context.beginPath();
    draw();
    context.fill();
  };
  const stroke = (style, thick, draw) => {
    context.strokeStyle = style;
    context.lineWidth = r * thick;
    context.lineCap = 'round';
    context.beginPath();
    draw();
    context.stroke();
  };
  const oval = (dx, dy, rx, ry = rx) =>
    context.ellipse(x + r * dx, y + r * dy, r * rx, r * ry, 0, 0, 2 * Math.PI);
  const move = (dx, dy) => context.moveTo(x + r * dx, y + r * dy);
  const bend = (...points) =>
    context.bezierCurveTo(...points.map((each, at) => (at % 2 ? y : x) + r * each));
  const arch = (...points) =>
    context.quadraticCurveTo(...points.map((each, at) => (at % 2 ? y : x) + r * each));

  /** A wall in the light of a window, out of focus. */
  const drawRoom = () => {
    const light = context.createLinearGradient(0, 0, width, height);
    light.addColorStop(0, wall[0]);
    light.addColorStop(1, wall[1]);
    context.fillStyle = light;
    context.fillRect(0, 0, width, height);
    context.save();
    context.filter = `blur(${Math.round(height / 28)}px)`;
    context.globalAlpha = 0.5;
    const [window, shelf] = who % 2 === 0 ? [0.06, 0.74] : [0.72, 0.05];
    context.fillStyle = shade(wall[0], 0.55);
    context.fillRect(width * window, height * 0.06, width * 0.22, height * 0.5);
    context.fillStyle = shade(wall[1], -0.25);
    context.fillRect(width * shelf, height * 0.42, width * 0.2, height * 0.05);
    const books = [top, hair, wall[0], shade(top, 0.3), shade(wall[1], -0.4)];
    for (const [at, colour] of books.entries()) {
      context.fillStyle = colour;
      const left = width * (shelf + 0.01 + at * 0.035);
      context.fillRect(left, height * (0.26 + 0.02 * (at % 3)), width * 0.028, height * 0.17);
    }
    context.restore();
  };

  const drawShoulders = () => {
    const cloth = context.createLinearGradient(x - r * 2, 0, x + r * 2, height);
    cloth.addColorStop(0, shade(top, 0.14));
    cloth.addColorStop(1, shade(top, -0.3));
    fill(shade(skin, -0.16), () =>
      context.roundRect(x - r * 0.4, y + r * 0.5, r * 0.8, r * 1.3, r * 0.35),
    );
    fill(cloth, () => {
      context.moveTo(x - r * 2.25, height);
      bend(-2.1, 1.75, -1.2, 1.62, -0.48, 1.4);
      arch(0, 1.95, 0.48, 1.4);
      bend(1.2, 1.62, 2.1, 1.75, 2.25, (height - y) / r);
    });
  };

  const drawHairBehind = () => {
    if (cut === 'long' || cut === 'bob') {
      const down = cut === 'long' ? 3 : 1.95;
      fill(shade(hair, -0.2), () =>
        context.roundRect(x - r * 1.13, y - r * 0.7, r * 2.26, r * down, r * 0.8),
      );
    }
  };

  const drawHead = () => {
    if (cut === 'bun') {
      fill(hair, () => oval(0.15, -1.28, 0.45));
    }
    for (let curl = 0; cut === 'curls' && curl < 15; curl += 1) {
      const at = Math.PI * (0.86 + (1.28 * curl) / 14);
      fill(hair, () => oval(Math.cos(at) * 0.98, Math.sin(at) * 1.02 - 0.15, 0.4));
    }
    for (const side of [-1, 1]) {
      fill(skin, () => oval(side * 0.86, 0.08, 0.15, 0.24));
    }
    const face = context.createRadialGradient(x - r * 0.4, y - r * 0.3, r * 0.2, x, y, r * 1.5);
    face.addColorStop(0, shade(skin, 0.16));
    face.addColorStop(1, shade(skin, -0.18));
    fill(face, () => oval(0, 0, 0.88, 1.1));
    fill(hair, () => {
      const fringe = FRINGE[cut] ?? -0.66;
      context.ellipse(x, y - r * 0.12, r * 0.97, r * 1.1, 0, Math.PI * 1.02, Math.PI * 1.98);
      arch(0.55, fringe - 0.12, 0.1, fringe);
      arch(-0.6, fringe - 0.05, -0.96, -0.1);
    });
  };

  const drawBeard = () =>
    fill(hair, () => {
      move(-0.87, 0.1);
      bend(-0.86, 1.5, 0.86, 1.5, 0.87, 0.1);
      bend(0.6, 0.5, -0.6, 0.5, -0.87, 0.1);
    });

  const drawScarf = () => {
    context.fillStyle = hair;
    context.beginPath();
    oval(0, 0.05, 1.16, 1.42);
    oval(0, 0.1, 0.74, 0.98);
    context.fill('evenodd');
    fill(hair, () => {
      move(-1.02, 0.7);
      bend(-1.5, 2, 1.5, 2, 1.02, 0.7);
      arch(0, 1.6, -1.02, 0.7);
    });
  };

  const drawGlasses = () => {
    for (const side of [-1, 1]) {
      const left = x + r * (side * 0.36 - 0.27);
      stroke('#2a2a2e', 0.06, () =>
        context.roundRect(left, y - r * 0.2, r * 0.54, r * 0.42, r * 0.16),
      );
    }
    stroke('#2a2a2e', 0.06, () => {
      move(-0.09, 0);
      context.lineTo(x + r * 0.09, y);
    });
  };

  /** Eyes that blink, brows, a nose, a mouth. */
  const drawFeatures = () => {
    const open = Math.abs(moment - 0.5) < 0.03 ? 0.15 : 1;
    for (const side of [-1, 1]) {
      fill('#221815', () => oval(side * 0.34, -0.02, 0.075, 0.1 * open));
      stroke(shade(skin, -0.5), 0.06, () => {
        move(side * 0.2, -0.25);
        arch(side * 0.36, -0.33, side * 0.5, -0.23);
      });
    }
    stroke(shade(skin, -0.4), 0.05, () => {
      move(0, 0.02);
      arch(0.12, 0.3, -0.04, 0.31);
    });
    const smile = 0.2 + 0.1 * Math.sin(turn);
    stroke(shade(skin, cut === 'beard' ? -0.1 : -0.55), 0.065, () => {
      move(-0.28, 0.58);
      arch(0, 0.58 + smile, 0.28, 0.58);
    });
  };

  const encode = () => {
    const { data } = context.getImageData(0, 0, width, height);
    const area = width * height;
    const planes = new Uint8Array(area * 1.5);
    for (let pixel = 0; pixel < area; pixel += 1) {
      const at = 4 * pixel;
      planes[pixel] = 16 + 0.257 * data[at] + 0.504 * data[at + 1] + 0.098 * data[at + 2];
    }
    let chroma = area;
    for (let row = 0; row < height; row += 2) {
      for (let column = 0; column < width; column += 2) {
        const at = 4 * (row * width + column);
        const [red, green, blue] = data.subarray(at, at + 3);
        planes[chroma] = 128 - 0.148 * red - 0.291 * green + 0.439 * blue;
        planes[chroma + area / 4] = 128 + 0.439 * red - 0.368 * green - 0.071 * blue;
        chroma += 1;
      }
    }
    let text = '';
    for (let at = 0; at < planes.length; at += 32768) {
      text += String.fromCharCode(...planes.subarray(at, at + 32768));
    }
    return btoa(text);
  };

  const worn = { beard: drawBeard, scarf: drawScarf, glasses: drawGlasses };
  for (const draw of [drawRoom, drawHairBehind, drawShoulders, drawHead]) {
    draw();
  }
  if (cut !== 'glasses') worn[cut]?.();
  drawFeatures();
  if (cut === 'glasses') drawGlasses();
  return encode();
};
