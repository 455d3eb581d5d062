export * from '../../kernel/figures/panel/trace';
