export { ACCIDENT_KINDS, type Accident, type AccidentKind, type Capture } from './accident';
export { documentsOf, type Document } from './documents';
export { invoice, INVOICES, type ShopFiles } from './invoice';
export { ROWS as SHOP_ROWS } from './rows';
export { createShop, SHOP_DATABASE, type Shop } from './shop';
export { ShopWriter } from './shop-writer';
