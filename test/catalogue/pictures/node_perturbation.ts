import type { Draw } from './picture.js';
import { perturbedCourses } from './support/perturbed-courses.js';

export const picture: Draw = perturbedCourses('node');
