"""The columns a file of orders may have, under all the names sellers and platforms give them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models.folding import fold


class Column(StrEnum):
    """What a column says, whatever its name in the file."""

    order_id = "order_id"
    number = "number"
    placed_at = "placed_at"
    status = "status"
    cancelled_at = "cancelled_at"
    payment_method = "payment_method"
    note = "note"
    buyer_name = "buyer_name"
    first_name = "first_name"
    last_name = "last_name"
    phone = "phone"
    country = "country"
    region = "region"
    city = "city"
    district = "district"
    street = "street"
    building = "building"
    short_address = "short_address"
    postal_code = "postal_code"
    landmark = "landmark"
    item_title = "item_title"
    variant = "variant"
    sku = "sku"
    quantity = "quantity"
    unit_price = "unit_price"
    line_total = "line_total"
    total = "total"
    currency = "currency"
    image_url = "image_url"
    product_url = "product_url"

    @property
    def is_of_buyer(self) -> bool:
        """Whether only the first of an order's rows need have it filled in."""
        return self in _OF_BUYER


_OF_BUYER = frozenset(
    {
        Column.buyer_name,
        Column.first_name,
        Column.last_name,
        Column.phone,
        Column.region,
        Column.city,
        Column.district,
        Column.street,
        Column.building,
        Column.short_address,
        Column.postal_code,
        Column.landmark,
    }
)

# Of columns that say the same the lowest rank wins: the parcel's receiver before whoever pays.
SHIPPING, PLAIN, BILLING, FURTHER = range(4)

_NAMES = {
    (Column.order_id, PLAIN): "رقم الطلب|رقم الطلبيه|رقم الاوردر|كود الطلب|معرف الطلب|رقم الفاتوره|order id|"
    "order no|order number id|order ref|order reference|reference id|reference|orderid|order|id|order code|"
    "订单号|订单编号|订单id|平台订单号|单号",
    (Column.number, PLAIN): "order number|order name|رقم مرجعي|الرقم المرجعي|订单名称|店铺订单号",
    (Column.placed_at, PLAIN): "تاريخ الطلب|تاريخ الطلبيه|تاريخ الانشاء|وقت الطلب|التاريخ|تاريخ|order date|"
    "date|created at|created|date created|placed at|order time|order created at|created date|order placed at|"
    "date added|下单时间|订单时间|创建时间|下单日期|日期|订单创建时间|付款时间",
    (Column.status, PLAIN): "حاله الطلب|الحاله|order status|status|订单状态|状态",
    (Column.cancelled_at, PLAIN): "cancelled at|canceled at|تاريخ الالغاء|取消时间",
    (Column.payment_method, PLAIN): "طريقه الدفع|وسيله الدفع|نوع الدفع|الدفع|payment method|payment|"
    "payment type|payment gateway|gateway|payment method title|支付方式|付款方式|支付渠道",
    (Column.note, PLAIN): "ملاحظات|ملاحظه|ملاحظات العميل|ملاحظات الطلب|ملاحظه العميل|note|notes|"
    "customer note|customer notes|order note|order notes|buyer note|remarks|remark|comment|comments|"
    "note attributes|"
    "买家备注|备注|客户备注|订单备注|买家留言|留言",
    (
        Column.buyer_name,
        SHIPPING,
    ): "اسم المستلم|shipping name|receiver|receiver name|recipient|recipient name|"
    "consignee|consignee name|ship to name|收件人|收货人|收件人姓名|收货人姓名|收货人名称",
    (
        Column.buyer_name,
        PLAIN,
    ): "اسم العميل|اسم الزبون|اسم المشتري|العميل|الزبون|الاسم الكامل|الاسم|اسم|customer|"
    "customer name|client|client name|buyer|buyer name|full name|fullname|contact name|客户姓名|客户|姓名|"
    "买家|买家姓名|顾客|顾客姓名|客户名称|联系人",
    (Column.buyer_name, BILLING): "billing name|账单姓名",
    (Column.first_name, SHIPPING): "first name shipping|shipping first name|收货人名",
    (Column.first_name, PLAIN): "first name|الاسم الاول|firstname|名",
    (Column.first_name, BILLING): "first name billing|billing first name",
    (Column.last_name, SHIPPING): "last name shipping|shipping last name|收货人姓",
    (Column.last_name, PLAIN): "last name|الاسم الاخير|اسم العايله|الكنيه|lastname|surname|姓",
    (Column.last_name, BILLING): "last name billing|billing last name",
    (Column.phone, SHIPPING): "رقم جوال المستلم|جوال المستلم|هاتف المستلم|shipping phone|phone shipping|"
    "receiver phone|recipient phone|consignee phone|收件人电话|收货人电话|收件人手机|收货人手机|"
    "收货电话|收货人手机号",
    (Column.phone, PLAIN): "رقم الجوال|الجوال|جوال|جوال العميل|رقم جوال العميل|رقم الهاتف|الهاتف|هاتف|"
    "هاتف العميل|رقم الموبايل|الموبايل|موبايل|موبيل|التلفون|رقم التلفون|تلفون|تليفون|رقم التواصل|"
    "رقم العميل|الرقم|phone|phone number|phone no|mobile|mobile number|mobile no|tel|telephone|cell|"
    "contact|contact number|customer phone|customer mobile|buyer phone|电话|电话号码|联系电话|手机|手机号|"
    "手机号码|联系方式|买家电话|客户电话",
    (Column.phone, BILLING): "billing phone|phone billing|账单电话",
    (Column.phone, FURTHER): "رقم الجوال 2|جوال 2|جوال اخر|رقم اخر|رقم بديل|جوال بديل|الجوال البديل|هاتف 2|"
    "هاتف بديل|هاتف اخر|موبايل 2|رقم ثاني|رقم الجوال الثاني|رقم احتياطي|واتساب|واتس|رقم الواتساب|"
    "رقم الواتس|phone 2|phone2|mobile 2|mobile2|second phone|alternate phone|alternative phone|alt phone|"
    "other phone|secondary phone|whatsapp|whatsapp number|备用电话|备用手机|电话2|电话 2|其他电话",
    (Column.country, SHIPPING): "shipping country|shipping country code|country shipping|"
    "country code shipping|country name shipping|收件国家|收货国家|收货人国家|国家 地区|国家地区",
    (Column.country, PLAIN): "الدوله|البلد|دوله|country|country code|country region|国家|目的国",
    (Column.country, BILLING): "billing country|country billing|country code billing|country name billing",
    (Column.region, SHIPPING): "shipping province|shipping province name|shipping state|state shipping|"
    "state code shipping|state name shipping|收货省份|收货人省份",
    (Column.region, PLAIN): "المحافظه|محافظه|الولايه|الاماره|region|state|province|governorate|government|"
    "emirate|州|省|省份|州 省|省 州",
    (Column.region, BILLING): "billing province|billing state|state billing|state code billing",
    (Column.city, SHIPPING): "shipping city|city shipping|مدينه المستلم|收货城市|收件城市|收货人城市",
    (Column.city, PLAIN): "المدينه|مدينه|city|town|城市|市",
    (Column.city, BILLING): "billing city|city billing",
    (Column.district, PLAIN): "الحي|حي|القطعه|قطعه|الضاحيه|district|area|neighborhood|neighbourhood|block|"
    "区域|区|地区|区县|街区",
    (Column.street, SHIPPING): "shipping address|shipping street|shipping address1|shipping address2|"
    "shipping address 1|shipping address 2|address 1 shipping|address 2 shipping|address 1 2 shipping|"
    "عنوان المستلم|عنوان الشحن|عنوان التوصيل|收货地址|收件地址|收件人地址|收货人地址|收货地址1|收货地址2",
    (Column.street, PLAIN): "العنوان|عنوان|العنوان التفصيلي|تفاصيل العنوان|العنوان بالتفصيل|الشارع|شارع|"
    "اسم الشارع|العنوان 1|العنوان 2|address|full address|address1|address2|address 1|address 2|"
    "address line 1|address line 2|street|street address|street name|delivery address|customer address|"
    "地址|详细地址|街道|街道地址|地址1|地址2|地址 1|地址 2|详细地址1|详细地址2",
    (Column.street, BILLING): "billing address|billing street|billing address1|billing address2|"
    "billing address 1|billing address 2|address 1 billing|address 2 billing|address 1 2 billing",
    (Column.building, PLAIN): "المبني|رقم المبني|البنايه|رقم البيت|المنزل|رقم المنزل|الشقه|building|"
    "building no|building number|house|house no|apartment|flat|楼号|门牌号|楼栋|门牌",
    (Column.short_address, PLAIN): "العنوان الوطني|العنوان الوطني المختصر|العنوان المختصر|الرمز المختصر|"
    "short address|national address|short national address|短地址|国家短地址",
    (Column.postal_code, SHIPPING): "shipping zip|shipping postcode|postcode shipping|shipping postal code|"
    "收货邮编",
    (Column.postal_code, PLAIN): "الرمز البريدي|الرقم البريدي|zip|zip code|postcode|"
    "postal code|邮编|邮政编码",
    (Column.postal_code, BILLING): "billing zip|billing postcode|postcode billing|billing postal code",
    (Column.landmark, PLAIN): "علامه مميزه|اقرب نقطه داله|نقطه داله|معلم قريب|قرب|landmark|"
    "nearest landmark|near|地标|附近地标",
    (Column.item_title, PLAIN): "المنتج|اسم المنتج|المنتجات|اسماء المنتجات|اسماء المنتجات مع sku|اسم الصنف|"
    "الصنف|السلعه|اسم السلعه|البضاعه|product|product name|product title|products|item name|"
    "item title|lineitem name|line item name|line items|order items|goods|goods name|商品|商品名称|"
    "产品|产品名称|商品标题|品名|货品名称|中文品名",
    (Column.item_title, FURTHER): "item|items|description|الوصف",
    (Column.variant, PLAIN): "الخيارات|الخيار|المقاس|اللون|خيارات المنتج|variant|variant title|option|"
    "options|variation|variations|product variation|color|colour|size|规格|款式|商品规格|属性|颜色|尺码|"
    "商品属性|变体",
    (Column.sku, PLAIN): "رمز المنتج|كود المنتج|رمز التخزين|رقم المنتج|رمز الصنف|كود الصنف|sku|item sku|"
    "product sku|lineitem sku|product code|item code|variant sku|商品sku|商品编码|货号|产品sku|商品 sku|"
    "sku编码|商品货号",
    (Column.quantity, PLAIN): "الكميه|كميه|العدد|عدد|عدد القطع|quantity|qty|pieces|pcs|lineitem quantity|"
    "item quantity|product quantity|数量|商品数量|件数|购买数量",
    (Column.unit_price, PLAIN): "سعر الوحده|سعر القطعه|سعر المنتج|السعر|سعر|unit price|price|item price|"
    "item cost|product price|lineitem price|单价|价格|商品单价|售价|商品价格|商品售价",
    (Column.line_total, PLAIN): "اجمالي المنتج|مجموع السطر|اجمالي السطر|line total|item total|"
    "lineitem total|row total|order line total|小计|商品小计|商品总价",
    (Column.total, PLAIN): "المبلغ المطلوب|مبلغ التحصيل|المبلغ المستحق|قيمه التحصيل|اجمالي الطلب|"
    "الاجمالي|المبلغ الاجمالي|اجمالي المبلغ|المجموع|المجموع الكلي|المبلغ|قيمه الطلب|مبلغ الطلب|"
    "السعر الاجمالي|السعر الكلي|total|order total|grand total|total price|total amount|amount|cod amount|"
    "cod|cash amount|amount due|total cost|order total amount|order amount|collect amount|代收金额|"
    "代收货款|货款|总金额|订单金额|订单总额|订单总金额|总价|金额|应付金额|合计金额|cod金额|实付金额",
    (Column.currency, PLAIN): "العمله|عمله|currency|currency code|order currency|币种|货币|货币单位",
    (Column.image_url, PLAIN): "صوره المنتج|رابط الصوره|image|image url|product image|商品图片|图片|图片链接",
    (Column.product_url, PLAIN): "رابط المنتج|product url|product link|商品链接|产品链接",
}

# By folded name, what a column may mean; of several meanings the first that no other column has.
READINGS: Mapping[str, tuple[tuple[Column, int], ...]] = MappingProxyType(
    {fold(name): (meaning,) for meaning, names in _NAMES.items() for name in names.split("|")}
    | {
        # In a Shopify export "Name" is the order's number and "Shipping Name" the buyer; المنطقة is the
        # district where a governorate is named beside it, and the region where a district is.
        "name": ((Column.buyer_name, PLAIN), (Column.number, PLAIN)),
        "المنطقه": ((Column.district, PLAIN), (Column.region, PLAIN)),
        "منطقه": ((Column.district, PLAIN), (Column.region, PLAIN)),
    }
)
