import type { RuleLine, SpaceLine } from '../ast.js';
import type { Workshop } from './workshop.js';

/** Names and units inside lines that are refused for now: their mistakes are worth knowing too. */
export function inferOtherLine(line: RuleLine | SpaceLine, workshop: Workshop): void {
  switch (line.kind) {
    case 'trace':
    case 'average':
      workshop.infer(line.value);
      if (line.fading) workshop.infer(line.fading.value);
      if (line.from) workshop.infer(line.from);
      break;
    case 'state':
      workshop.infer(line.start);
      workshop.infer(line.value);
      break;
    case 'whiten':
      workshop.infer(line.value);
      workshop.infer(line.ridge);
      if (line.gate) workshop.infer(line.gate);
      break;
    case 'bound':
      workshop.infer(line.low);
      workshop.infer(line.high);
      break;
    case 'transmit':
      workshop.infer(line.value);
      break;
  }
}
