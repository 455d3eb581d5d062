export * from '../../kernel/figures/panel/panel';
