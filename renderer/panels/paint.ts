export * from '../../kernel/figures/panel/paint';
