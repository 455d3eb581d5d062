export { PCA } from './pca';
