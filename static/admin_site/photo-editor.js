// Crop and focal point drawn on the picture, by mouse, finger and keyboard. Without it the number fields do the same.
const RATIOS = [
  ["自由", 0],
  ["16:9", 16 / 9],
  ["4:3", 4 / 3],
  ["1:1", 1],
  ["3:4", 3 / 4],
];
// The shapes in which the site's pages show pictures.
const SHAPES = [
  ["列表 3:2", 3 / 2],
  ["焦点图 16:10", 16 / 10],
  ["导读 16:9", 16 / 9],
  ["专题 21:9", 21 / 9],
  ["方形 1:1", 1],
  ["封面 3:4", 3 / 4],
];
const CORNERS = { nw: [-1, -1], ne: [1, -1], sw: [-1, 1], se: [1, 1] };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PREVIEW_HEIGHT = 96;
// Pixels of the screen within which a pointer has not moved.
const STILL = 4;

const clamp = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most));

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// Where a pointer goes until it is let go; tells at the end whether it moved.
const follow = (element, event, move, end = () => {}) => {
  event.preventDefault();
  event.stopPropagation();
  element.setPointerCapture(event.pointerId);
  let moved = false;
  const moving = (next) => {
    moved ||= Math.hypot(next.clientX - event.clientX, next.clientY - event.clientY) > STILL;
    if (moved) move(next);
  };
  const ending = () => {
    element.removeEventListener("pointermove", moving);
    end(moved);
  };
  element.addEventListener("pointermove", moving);
  element.addEventListener("pointerup", ending, { once: true });
  element.addEventListener("pointercancel", ending, { once: true });
};

// A rectangle that grows from one corner, which stays, as far as picture, ratio and smallest side let it.
const grown = ({ x, y }, [right, down], size, ratio, whole) => {
  const room = { width: right > 0 ? whole.width - x : x, height: down > 0 ? whole.height - y : y };
  let { width, height } = size;
  if (ratio) {
    const least = Math.max(whole.smallest, whole.smallest * ratio);
    width = clamp(Math.max(width, height * ratio), least, Math.min(room.width, room.height * ratio));
    height = width / ratio;
  } else {
    width = clamp(width, whole.smallest, room.width);
    height = clamp(height, whole.smallest, room.height);
  }
  if (width > room.width + 0.5 || height > room.height + 0.5) return null;
  return { x: right > 0 ? x : x - width, y: down > 0 ? y : y - height, width, height };
};

// Whole pixels inside the picture.
const settled = (rect, whole) => {
  const width = clamp(Math.round(rect.width), whole.smallest, whole.width);
  const height = clamp(Math.round(rect.height), whole.smallest, whole.height);
  return {
    width,
    height,
    x: clamp(Math.round(rect.x), 0, whole.width - width),
    y: clamp(Math.round(rect.y), 0, whole.height - height),
  };
};

// The largest rectangle of a ratio around the middle of another, in the picture.
const shaped = (rect, ratio, whole) => {
  const area = rect.width * rect.height;
  const most = Math.min(whole.width, whole.height * ratio);
  const width = clamp(Math.sqrt(area * ratio), Math.max(whole.smallest, whole.smallest * ratio), most);
  const height = width / ratio;
  const [x, y] = [rect.x + (rect.width - width) / 2, rect.y + (rect.height - height) / 2];
  return { width, height, x: clamp(x, 0, whole.width - width), y: clamp(y, 0, whole.height - height) };
};

const ratioChoice = (choose) => {
  const fieldset = make("fieldset", {}, make("legend", { textContent: "裁切比例" }));
  for (const [index, [label, ratio]] of RATIOS.entries()) {
    // Without a name of the form's: it must not be sent.
    const input = make("input", { type: "radio", name: "photo-ratio", value: label, checked: index === 0 });
    input.setAttribute("form", "photo-editor-nowhere");
    input.addEventListener("change", () => choose(ratio));
    fieldset.append(make("label", {}, input, label));
  }
  return fieldset;
};

const slider = (className, label) => {
  const element = make("div", { className, tabIndex: 0 });
  element.setAttribute("role", "slider");
  element.setAttribute("aria-label", label);
  element.setAttribute("aria-valuemin", "0");
  element.setAttribute("aria-valuemax", "100");
  return element;
};

const tell = (element, now, text) => {
  element.setAttribute("aria-valuenow", String(now));
  element.setAttribute("aria-valuetext", text);
};

const previewList = () => {
  const canvases = SHAPES.map(([label, ratio]) => {
    const canvas = make("canvas", { width: Math.round(PREVIEW_HEIGHT * ratio * 2), height: PREVIEW_HEIGHT * 2 });
    canvas.style.setProperty("inline-size", `${Math.round(PREVIEW_HEIGHT * ratio)}px`);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${label} 的效果`);
    return { canvas, ratio, label };
  });
  const figures = canvases.map(({ canvas, label }) =>
    make("figure", {}, canvas, make("figcaption", { textContent: label })),
  );
  return { canvases, element: make("div", { className: "photo-previews" }, ...figures) };
};

// What `object-fit: cover` makes of the crop, at the quarter at which the pages hold the focal point.
const drawPreview = ({ canvas, ratio }, image, crop, focal, whole) => {
  const width = Math.min(crop.width, crop.height * ratio);
  const height = width / ratio;
  const [right, down] = [Math.round(focal.x / 25) / 4, Math.round(focal.y / 25) / 4];
  const scale = image.naturalWidth / whole.width;
  const from = [crop.x + (crop.width - width) * right, crop.y + (crop.height - height) * down, width, height];
  canvas
    .getContext("2d")
    .drawImage(image, ...from.map((value) => value * scale), 0, 0, canvas.width, canvas.height);
};

const start = (root) => {
  const image = root.querySelector("img");
  const fields = root.closest("form")?.elements ?? {};
  const names = { crop: ["crop_x", "crop_y", "crop_width", "crop_height"], focal: ["focal_x", "focal_y"] };
  const inputs = Object.fromEntries(Object.values(names).flat().map((name) => [name, fields[name]]));
  if (Object.values(inputs).some((input) => !input)) return;

  const whole = {
    width: Number(root.dataset.width),
    height: Number(root.dataset.height),
    smallest: Number(root.dataset.smallest),
  };
  const full = { x: 0, y: 0, width: whole.width, height: whole.height };
  let crop = full;
  let focal = { x: 50, y: 50 };
  let ratio = 0;

  const box = slider("crop-box", "裁切框，方向键移动，按住 Shift 改大小");
  const point = slider("focal-point", "焦点，方向键移动，按住 Shift 走得更快");
  const stage = make("div", { className: "photo-stage" }, image, box, point);
  const previews = previewList();
  const told = make("output");
  const clear = make("button", { type: "button", className: "button", textContent: "取消裁切" });

  const isFull = () => crop.width === whole.width && crop.height === whole.height;

  const draw = () => {
    const percent = (value, of) => `${(value / of) * 100}%`;
    box.style.setProperty("left", percent(crop.x, whole.width));
    box.style.setProperty("top", percent(crop.y, whole.height));
    box.style.setProperty("width", percent(crop.width, whole.width));
    box.style.setProperty("height", percent(crop.height, whole.height));
    point.style.setProperty("left", percent(crop.x + (crop.width * focal.x) / 100, whole.width));
    point.style.setProperty("top", percent(crop.y + (crop.height * focal.y) / 100, whole.height));
    const place = `左 ${crop.x}，上 ${crop.y}，宽 ${crop.width}，高 ${crop.height} 像素`;
    tell(box, Math.round((crop.width / whole.width) * 100), isFull() ? "整张图，没有裁切" : place);
    tell(point, focal.x, `横向 ${focal.x}%，纵向 ${focal.y}%`);
    told.textContent = isFull() ? "没有裁切" : `裁成 ${crop.width}×${crop.height}`;
    clear.disabled = isFull();
    if (image.naturalWidth) previews.canvases.forEach((each) => drawPreview(each, image, crop, focal, whole));
  };

  const write = () => {
    const values = [crop.x, crop.y, crop.width, crop.height];
    names.crop.forEach((name, index) => (inputs[name].value = isFull() ? "" : values[index]));
    names.focal.forEach((name) => (inputs[name].value = focal[name.slice(-1)]));
    draw();
  };

  const setFocal = (x, y) => {
    focal = { x: clamp(Math.round(x), 0, 100), y: clamp(Math.round(y), 0, 100) };
    write();
  };

  // The point stays where it is in the original.
  const setCrop = (rect) => {
    if (!rect) return;
    const [x, y] = [crop.x + (crop.width * focal.x) / 100, crop.y + (crop.height * focal.y) / 100];
    crop = settled(rect, whole);
    setFocal(((x - crop.x) / crop.width) * 100, ((y - crop.y) / crop.height) * 100);
  };

  const read = () => {
    const [x, y, width, height] = names.crop.map((name) => (inputs[name].value === "" ? NaN : Number(inputs[name].value)));
    crop = [x, y, width, height].some(Number.isNaN) ? full : settled({ x, y, width, height }, whole);
    focal = Object.fromEntries(names.focal.map((name) => [name.slice(-1), clamp(Number(inputs[name].value), 0, 100)]));
    draw();
  };

  const inPicture = (event) => {
    const frame = image.getBoundingClientRect();
    return {
      x: ((event.clientX - frame.left) / frame.width) * whole.width,
      y: ((event.clientY - frame.top) / frame.height) * whole.height,
    };
  };
  const focalAt = (event) => {
    const { x, y } = inPicture(event);
    setFocal(((x - crop.x) / crop.width) * 100, ((y - crop.y) / crop.height) * 100);
  };

  const resizeFrom = (corner, event) => {
    const [right, down] = CORNERS[corner];
    const anchor = { x: right > 0 ? crop.x : crop.x + crop.width, y: down > 0 ? crop.y : crop.y + crop.height };
    follow(box, event, (next) => {
      const at = inPicture(next);
      const size = { width: (at.x - anchor.x) * right, height: (at.y - anchor.y) * down };
      setCrop(grown(anchor, [right, down], size, ratio, whole));
    });
  };

  for (const corner of Object.keys(CORNERS)) {
    const handle = make("span", { className: "crop-handle" });
    handle.dataset.corner = corner;
    handle.addEventListener("pointerdown", (event) => resizeFrom(corner, event));
    box.append(handle);
  }
  // Dragged, the frame moves; clicked, the point comes there. Where nothing is cropped, a drag takes the point along.
  box.addEventListener("pointerdown", (event) => {
    const [from, first] = [crop, inPicture(event)];
    const move = (next) => {
      const at = inPicture(next);
      setCrop({ ...from, x: from.x + at.x - first.x, y: from.y + at.y - first.y });
    };
    follow(box, event, isFull() ? focalAt : move, (moved) => moved || focalAt(event));
  });
  point.addEventListener("pointerdown", (event) => {
    point.focus();
    follow(point, event, focalAt);
  });
  box.addEventListener("keydown", (event) => {
    const [right, down] = ARROWS[event.key] ?? [];
    if (right === undefined) return;
    event.preventDefault();
    const step = Math.max(1, Math.round(whole.width / 100));
    if (event.shiftKey) {
      const size = { width: crop.width + right * step, height: crop.height + down * step };
      if (ratio) size[right ? "height" : "width"] = 0;
      setCrop(grown(crop, CORNERS.se, size, ratio, whole));
    } else {
      setCrop({ ...crop, x: crop.x + right * step, y: crop.y + down * step });
    }
  });
  point.addEventListener("keydown", (event) => {
    const [right, down] = ARROWS[event.key] ?? [];
    if (right === undefined) return;
    event.preventDefault();
    const step = event.shiftKey ? 10 : 1;
    setFocal(focal.x + right * step, focal.y + down * step);
  });
  clear.addEventListener("click", () => setCrop(full));
  const choose = (value) => {
    ratio = value;
    if (ratio) setCrop(shaped(crop, ratio, whole));
  };
  Object.values(inputs).forEach((input) => input.addEventListener("input", read));
  image.addEventListener("load", draw);

  const bar = make("div", { className: "photo-bar" }, ratioChoice(choose), clear, told);
  root.replaceChildren(bar, stage, previews.element);
  read();
};

for (const root of document.querySelectorAll("[data-photo-editor]")) start(root);
