// Every string of the page around the canvas, in English and Chinese; {0} is replaced. (Strings on the canvas: demos/text.)

const tables = {
  en: {
    description: 'Draw a digit and watch a real neural network read it, number by number.',
    canvas: 'Trilens. Press Tab to move, Enter to press, Escape to leave. All settings also stand under Controls.',
    loading: 'Loading …',
    bytes: '{0} of {1} MB',
    bytes_only: '{0} MB',
    starting: 'Starting …',
    'no-wasm': 'This browser cannot run WebAssembly, which Trilens is made of. Any browser from 2022 on can.',
    'no-simd': 'This browser has no WebAssembly SIMD, which Trilens computes with. Chrome 91, Edge 91, Firefox 89, Safari 16.4 and newer have it; some privacy modes switch it off.',
    'no-exceptions': 'This browser lacks WebAssembly exceptions, which Trilens needs. Chrome 95, Edge 95, Firefox 100, Safari 15.2 and newer have them.',
    download: 'Trilens could not be downloaded. Is the network there? Nothing of yours is lost.',
    'no-start': 'Trilens did not start here. Another browser, or trying again, may help.',
    halted: 'Trilens came to a halt and cannot go on. What you drew, wrote and set is kept in the address: start again with it.',
    again: 'Try again',
    restart: 'Start again with my work',
    elsewhere: 'Open in a tab of its own',
    details: 'Details',
    open_picture: 'Open a picture …',
    copy_link: 'Copy link',
    copied: 'The link is on the clipboard.',
    not_copied: 'The browser did not allow copying. The link is in the address bar.',
    controls: 'Controls',
    controls_hint: 'All settings of this room as plain controls, for keyboards and screen readers. They do what the ones in the picture do.',
    settings: 'Settings',
    actions: 'Actions',
    undo: 'Undo', redo: 'Redo', clear: 'Clear', to_canvas: 'Go to the picture',
    result: 'What the network says',
    class: 'Class', probability: 'Probability',
    says: 'The network says {0}, with {1} %.',
    'too-large': 'This picture is too large: up to {0} megapixels are read.',
    broken: 'This picture could not be read: the file is broken or of a kind that the browser does not know.',
    'not-a-picture': 'This file is neither a picture (PNG, JPEG, WebP), nor weights ({0}), nor data (idx).',
    'no-microphone': 'No microphone may be used here. Draw the curve instead.',
    'too-many': 'These are too many pictures: up to 400 examples are taken at once.',
    drop: 'Let go of the picture here',
  },
  zh: {
    description: '画一个数字，逐个数值地看真实的神经网络如何识别它。',
    canvas: 'Trilens。按 Tab 移动，按 Enter 确认，按 Esc 离开。所有设置也在“控件”面板中。',
    loading: '加载中……',
    bytes: '{0} / {1} MB',
    bytes_only: '{0} MB',
    starting: '正在启动……',
    'no-wasm': '此浏览器不支持 WebAssembly，无法运行 Trilens。2022 年以后的浏览器都可以。',
    'no-simd': '此浏览器没有 WebAssembly SIMD，Trilens 需要它来计算。Chrome 91、Edge 91、Firefox 89、Safari 16.4 及更新版本都支持；某些隐私模式会将其关闭。',
    'no-exceptions': '此浏览器不支持 WebAssembly 异常处理。Chrome 95、Edge 95、Firefox 100、Safari 15.2 及更新版本都支持。',
    download: '无法下载 Trilens，请检查网络连接。您的内容没有丢失。',
    'no-start': 'Trilens 未能启动。请重试，或换一个浏览器。',
    halted: 'Trilens 已停止，无法继续。您画的、写的和设置的内容都保存在地址栏里：可以带着它们重新开始。',
    again: '重试',
    restart: '带着我的内容重新开始',
    elsewhere: '在新标签页中打开',
    details: '详细信息',
    open_picture: '打开图片……',
    copy_link: '复制链接',
    copied: '链接已复制。',
    not_copied: '浏览器不允许复制，请从地址栏复制链接。',
    controls: '控件',
    controls_hint: '本页的全部设置，以普通控件呈现，便于键盘和读屏软件使用，效果与画面中的相同。',
    settings: '设置',
    actions: '操作',
    undo: '撤销', redo: '重做', clear: '清空', to_canvas: '回到画面',
    result: '网络的判断',
    class: '类别', probability: '概率',
    says: '网络认为是 {0}，概率 {1}%。',
    'too-large': '图片太大：最多可读取 {0}00 万像素。',
    broken: '无法读取此图片：文件已损坏，或浏览器不支持该格式。',
    'not-a-picture': '此文件既不是图片（PNG、JPEG、WebP），也不是权重文件（{0}）或数据文件（idx）。',
    'no-microphone': '这里不能使用麦克风。请改为画出曲线。',
    'too-many': '图片太多：一次最多接收 400 个样本。',
    drop: '将图片放在这里',
  },
};

export const languages = Object.keys(tables);
let table = tables.en;

// The best of ours for a list of codes such as ['zh-CN', 'en'].
export function choose(codes) {
  for (const code of codes) {
    const main = String(code).toLowerCase().split(/[-_]/)[0];
    if (tables[main]) return main;
  }
  return 'en';
}

export function speak(language) { table = tables[language] ?? tables.en; }

export function say(id, ...parts) { return table[id].replace(/\{(\d)\}/g, (_, at) => parts[at] ?? ''); }
