export const words = ['never in node'];
