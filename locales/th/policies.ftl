policies-paper-day = วันที่ในไฟล์นี้อ่านไม่ได้ค่ะ ({ $why }) เขียนแบบ 2024-01-02 หรือ 2/1/2567 นะคะ
policies-paper-empty = ไม่พบข้อกำหนดในไฟล์นี้ค่ะ ขึ้นต้นแต่ละข้อด้วย "ข้อ 1" หรือ "1." แล้วนำเข้าใหม่นะคะ
policies-paper-kind = ยังไม่ทราบว่าเป็นระเบียบเรื่องใดค่ะ ระบุ --kind เช่น { $kinds }
policies-paper-blank = มีข้อที่ไม่มีข้อความค่ะ เติมข้อความแล้วนำเข้าใหม่นะคะ
policies-paper-twice = ข้อ { $no } มีมากกว่าหนึ่งครั้งค่ะ แก้เลขข้อแล้วนำเข้าใหม่นะคะ
policies-paper-number = ฉบับที่ { $no } มีข้อความอื่นอยู่แล้วค่ะ ฉบับล่าสุดคือ { $newest } ใช้เลขถัดไปหรือไม่ต้องระบุเลขนะคะ
policies-list = ระเบียบทั้งหมด
policies-list-left = { $left ->
    [0] คุณรับทราบครบแล้ว
   *[other] คุณยังไม่ได้รับทราบ { $left } ฉบับ
 }
policies-which = อ่านฉบับใดดีคะ
policies-row = { $title } · ฉบับที่ { $no } · { $count } ข้อ
policies-none = ยังไม่มีระเบียบในระบบค่ะ ฝ่ายเลขานุการนำเข้าได้
policies-gone = ระเบียบฉบับนี้ไม่มีผลบังคับแล้วค่ะ พิมพ์ "ระเบียบ" เพื่อดูฉบับปัจจุบันนะคะ
policies-version = { $title } ฉบับที่ { $no }
policies-since = ใช้ตั้งแต่ { DAY($day, style: "full") } · { $count } ข้อ
policies-reading = { $version } ค่ะ
policies-place = ข้อ { $at }/{ $of }
policies-heading = ข้อ { $no } { $heading }
policies-no-clause = { $title } ไม่มีข้อ { $no } ค่ะ ข้อสุดท้ายคือข้อ { $last }
policies-next = ถัดไป
policies-back = ย้อนกลับ
policies-from-start = อ่านตั้งแต่ต้น
policies-end = จบ { $version } แล้วค่ะ อ่านครบแล้วกดรับทราบได้เลย
policies-search = ค้นระเบียบ
policies-search-ask = อยากทราบเรื่องใดคะ พิมพ์เป็นคำถามได้เลย เช่น "รับกระเช้าได้ไหม"
policies-not-found = ไม่พบข้อที่ตรงกับเรื่องนี้ค่ะ ลองใช้คำอื่น หรือดูรายชื่อระเบียบนะคะ
policies-which-clause = อาจเป็นข้อใดข้อหนึ่งนี้ค่ะ เลือกอ่านได้เลย
policies-called = { $title } ข้อ { $no } { $heading }
policies-answer = ตาม { $version } ข้อ { $no } ค่ะ
policies-clause = { $version } ข้อ { $no }
policies-acknowledge = รับทราบ
policies-acknowledged = บันทึกแล้วค่ะ รับทราบ { $version } · { DAY($at, style: "full") } { TIME($at) }{ $left ->
    [0] {""}
   *[other] {" "}เหลืออีก { $left } ฉบับ
 }
policies-acknowledged-before = รับทราบ { $version } ไว้แล้วค่ะ เมื่อ { DAY($at, style: "full") } { TIME($at) }
policies-newer = ฉบับที่ { $old } มีฉบับใหม่แทนแล้วค่ะ ตอนนี้ใช้ { $version }
policies-mine = ฉันรับทราบครบหรือยัง
policies-mine-title = ยังไม่ได้รับทราบ
policies-mine-all = รับทราบครบทั้ง { $count } ฉบับแล้วค่ะ
policies-mine-left = เหลือ { $count } ฉบับค่ะ เลือกอ่านได้เลย
policies-mine-one = เหลือ 1 ฉบับค่ะ { $version }{ $old ->
    [0] {""}
   *[other] {" "}(ของเดิมที่รับทราบคือฉบับที่ { $old })
 }
policies-changed = เปลี่ยน { $count } ข้อ: ข้อ { $numbers }
policies-read-all = อ่านทั้งฉบับ
policies-see-changes = ดูข้อที่เปลี่ยน
policies-changes-which = อยากดูข้อที่เปลี่ยนของฉบับใดคะ
policies-changes = { $version } เปลี่ยนจากฉบับที่ { $old } { $count } ข้อค่ะ
policies-first = { $version } เป็นฉบับแรกค่ะ
policies-was = เดิม
policies-now = ใหม่
policies-nothing = ไม่มี
policies-taken-out = ตัดออก
policies-share = { $version }: รับทราบแล้ว { $done } จาก { $all } คน ({ $percent }%) ค่ะ เหลือ { $left } คน
policies-missing = { $version } ยังไม่รับทราบ
policies-no-unit = ไม่สังกัดหน่วยงาน
policies-heads = { $count } คน
policies-percent = { $percent }%
policies-shares = การรับทราบของเจ้าหน้าที่ { $count } คนค่ะ
policies-shares-title = ร้อยละที่รับทราบ
policies-names = ดูรายชื่อ
policies-names-private = รายชื่อดูได้เฉพาะในแชตส่วนตัวค่ะ
policies-names-of = ยังไม่รับทราบ { $version } { $count } คนค่ะ
policies-unit-names = { $unit }: { $names }
policies-everybody = ทุกคนรับทราบ { $version } แล้วค่ะ
